import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import type { Engine, OpenEngine, Session } from '../../src/destination/contract.ts';
import { openMysql } from '../../src/destination/mysql/index.ts';
import { openSql } from '../../src/destination/open.ts';
import { openSqlite } from '../../src/destination/sqlite/engine.ts';
import { openSqlServer } from '../../src/destination/sqlserver/index.ts';
import type { DestinationOptions } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { mysqlPlace } from '../contract/mysql-place.ts';
import type { Cells, Place } from '../contract/place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { catchUp, type Running, type Setup, startPipeline } from './pipeline.ts';
import { freshDatabase, mariadb, mysql, postgres } from './services.ts';
import { pgRows, type TextRow } from './sql.ts';
import type { EngineName } from './type-vectors.ts';

/** Called around every statement that the destination runs by itself; throw to crash there. */
export type Fault = (when: 'before' | 'after', sql: string) => void;

/** A source and a destination of one engine, new for every test, whose tables change while they are replicated. */
export interface SchemaFixture {
  readonly place: Place;
  fault: Fault;
  /** Runs on the source. */
  sql(text: string): Promise<TextRow[]>;
  there(text: string): Promise<Cells[]>;
  setup(more?: Partial<Setup>, options?: Partial<DestinationOptions>): Setup;
  start(more?: Partial<Setup>, options?: Partial<DestinationOptions>): Promise<Running>;
  /** Runs until the destination has what the source has. */
  sync(more?: Partial<Setup>, options?: Partial<DestinationOptions>): Promise<Running['events']>;
  /** The same, with a crash at the first statement, then at the second, and so on; gives how many there were. */
  syncThroughCrashes(more?: Partial<Setup>, options?: Partial<DestinationOptions>): Promise<number>;
  /** The destination holds what a fresh copy of the source holds. */
  expectSameAsFresh(table: string): Promise<void>;
  /** Both have the same columns in any order, and the same rows, which must have one text on both sides. */
  expectSame(table: string): Promise<void>;
  columns(table: string): Promise<string[]>;
}

export const crash = (): never => {
  throw new Pg2anyError('INTERNAL', 'killed by the test');
};

const OPTIONS = { autoCreateTables: true, connectTimeoutMs: 10_000, queryTimeoutMs: 30_000 };

const OPEN: Readonly<Record<EngineName, OpenEngine>> = {
  mysql: openMysql,
  mariadb: openMysql,
  sqlserver: openSqlServer,
  sqlite: openSqlite,
};

const MYSQL_FAMILY = [
  ['MariaDB', async () => mysqlPlace('mariadb', await mariadb())],
  ['MySQL', async () => mysqlPlace('mysql', await mysql())],
] as const;

/** The same tests on every engine whose own statements they speak. */
export function describeEngines(title: string, body: (fixture: SchemaFixture) => void): void {
  describe.each([...MYSQL_FAMILY, ['SQLite', sqlitePlace] as const])(`${title}, %s`, (_, openPlace) => {
    body(schemaFixture(openPlace));
  });
}

/** For what only these have. */
export function describeMysqlFamily(title: string, body: (fixture: SchemaFixture) => void): void {
  describe.each(MYSQL_FAMILY)(`${title}, %s`, (_, openPlace) => {
    body(schemaFixture(openPlace));
  });
}

function schemaFixture(openPlace: () => Promise<Place>): SchemaFixture {
  let source = '';
  let slot = '';
  let place: Place | null = null;
  let running: Running[] = [];
  let drop: () => Promise<void> = async () => undefined;
  const here = (): Place => {
    if (!place) throw new Error('no place outside a test');
    return place;
  };
  const fixture: SchemaFixture = {
    get place() {
      return here();
    },
    fault: () => undefined,
    sql: (text) => pgRows(source, text),
    there: (text) => here().query(text),
    setup: (more = {}, options = {}) => ({
      source,
      slot,
      open: () => {
        const all = { ...OPTIONS, ...options, url: here().url };
        const open = OPEN[here().engine];
        return openSql((given) => faulty(open(given), (when, sql) => fixture.fault(when, sql)), all);
      },
      ...more,
    }),
    async start(more, options) {
      const run = startPipeline(fixture.setup(more, options));
      running.push(run);
      await run.saw('streaming');
      return run;
    },
    async sync(more, options) {
      const setup = fixture.setup(more, options);
      const run = startPipeline({ ...setup, pipeline: { ...setup.pipeline, until: 'now' } });
      running.push(run);
      await run.done;
      return run.events;
    },
    async syncThroughCrashes(more, options) {
      for (let crashes = 0; ; crashes += 1) {
        let statements = 0;
        fixture.fault = (when) => {
          if (when === 'after' && statements++ === crashes) crash();
        };
        try {
          await fixture.sync(more, options);
          return crashes;
        } catch (error) {
          if (!String(error).includes('killed by the test')) throw error;
        } finally {
          fixture.fault = () => undefined;
        }
      }
    },
    async expectSame(table) {
      const columns = await namesOf(source, table);
      const list = (quote: (name: string) => string): string => columns.map(quote).join(', ');
      const wanted = await pgRows(source, `SELECT ${list((name) => `"${name}"::text`)} FROM ${table}`);
      const found = await here().query(`SELECT ${list(here().quote)} FROM ${here().quote(table)}`);
      expect(sorted(found)).toEqual(sorted(wanted));
    },
    async expectSameAsFresh(table) {
      const columns = (await namesOf(source, table)).map(here().quote).join(', ');
      const rows = async (place: Place) => sorted(await place.query(`SELECT ${columns} FROM ${place.quote(table)}`));
      const found = await rows(here());
      const fresh = await openPlace();
      try {
        await catchUp({ ...fixture.setup(), slot: `${slot}_fresh`, open: () => fresh.open() });
        expect(found).toEqual(await rows(fresh));
      } finally {
        await fresh.close();
      }
    },
    columns: (table) => columnsOf(here(), table),
  };
  beforeEach(async () => {
    slot = `s_${process.pid}_${randomBytes(4).toString('hex')}`;
    const database = await freshDatabase(await postgres());
    [source, drop] = [database.url, database.drop];
    place = await openPlace();
    fixture.fault = () => undefined;
  });
  afterEach(async () => {
    for (const one of running) await one.stop().catch(() => undefined);
    running = [];
    await place?.close();
    place = null;
    await drop();
  });
  return fixture;
}

const sorted = (rows: readonly (readonly (string | null)[])[]): string[] =>
  rows.map((row) => JSON.stringify(row)).sort();

const namesOf = async (source: string, table: string): Promise<string[]> =>
  (
    await pgRows(
      source,
      `SELECT attname FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    )
  ).map(([name]) => name ?? '');

async function columnsOf(place: Place, table: string): Promise<string[]> {
  const sql =
    place.engine === 'sqlite'
      ? `SELECT name FROM pragma_table_info('${table}') ORDER BY cid`
      : `SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '${table}' ORDER BY ORDINAL_POSITION`;
  return (await place.query(sql)).map(([name]) => name ?? '');
}

/** The engine, with a place to crash around each statement. */
function faulty(engine: Engine, fault: Fault): Engine {
  const around =
    <A extends unknown[], T>(run: (...args: A) => Promise<T>, text: (...args: A) => string) =>
    async (...args: A): Promise<T> => {
      fault('before', text(...args));
      const result = await run(...args);
      fault('after', text(...args));
      return result;
    };
  const open = async (token?: string): Promise<Session> => {
    const session = await engine.open(token);
    return Object.assign(session, {
      run: around(session.run.bind(session), (sql) => sql),
      runLong: around(session.runLong.bind(session), (sql) => sql),
      commit: around(session.commit.bind(session), () => 'COMMIT'),
    });
  };
  return Object.create(engine, { open: { value: open } }) as Engine;
}
