import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect } from 'vitest';
import { drivers } from '../../src/destination/registry.ts';
import type { DestinationOptions } from '../../src/model/destination.ts';
import { type Running, type Setup, startPipeline } from './pipeline.ts';
import { freshDatabase, postgres } from './services.ts';
import { mysqlRows, pgRows, type TextRow } from './sql.ts';

/** A new source database, and a new database on a real server to replicate into, for every test. */
export interface DestinationFixture {
  /** Of the destination database. */
  readonly url: string;
  readonly slot: string;
  /** Runs on the source, on a connection of its own. */
  sql(text: string): Promise<TextRow[]>;
  /** The same at the destination. */
  there(text: string): Promise<TextRow[]>;
  setup(more?: Partial<Setup>, options?: Partial<DestinationOptions>): Setup;
  /** Starts and waits until it streams; ended with the test. */
  start(more?: Partial<Setup>, options?: Partial<DestinationOptions>): Promise<Running>;
  /** Both hold the same rows, equal ones as often; values must have one text on both sides. */
  expectSame(table: string): Promise<void>;
  confirmed(): Promise<string>;
}

export const sorted = (rows: readonly TextRow[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

/** `url` opens the destination where it is not the server's own address. */
export function destinationFixture(server: { readonly url: string }): DestinationFixture {
  let source = '';
  let here = '';
  let slot = '';
  let running: Running[] = [];
  let drops: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    slot = `f_${process.pid}_${randomBytes(4).toString('hex')}`;
    const databases = [await freshDatabase(await postgres()), await freshDatabase(server)] as const;
    [source, here] = [databases[0].url, databases[1].url];
    drops = databases.map((database) => database.drop);
    await pgRows(source, 'CREATE TABLE t (id int PRIMARY KEY, v text)');
  });
  afterEach(async () => {
    for (const one of running) await one.stop().catch(() => undefined);
    running = [];
    for (const drop of drops) await drop();
  });
  const setup: DestinationFixture['setup'] = (more = {}, options = {}) => ({
    source,
    slot,
    open: () => {
      const all = { autoCreateTables: true, connectTimeoutMs: 2000, queryTimeoutMs: 30_000, ...options };
      const driver = drivers.find(({ type }) => type === 'mysql');
      if (!driver) throw new Error('no driver');
      return driver.open({ url: new URL(here), ...all });
    },
    ...more,
  });
  const there = (text: string): Promise<TextRow[]> => mysqlRows(here, text);
  return {
    get url() {
      return here;
    },
    get slot() {
      return slot;
    },
    sql: (text) => pgRows(source, text),
    there,
    setup,
    async start(more, options) {
      const run = startPipeline(setup(more, options));
      running.push(run);
      await run.saw('streaming');
      return run;
    },
    async expectSame(table) {
      expect(sorted(await there(`SELECT * FROM ${table}`))).toEqual(sorted(await pgRows(source, `TABLE ${table}`)));
    },
    confirmed: async () =>
      (
        await pgRows(source, `SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '${slot}'`)
      )[0]?.[0] ?? '',
  };
}
