import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mysqlPlace } from '../contract/mysql-place.ts';
import type { OpenPlace, Place } from '../contract/place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { sqlServerPlace } from '../contract/sqlserver-place.ts';
import { arrived, expected, representable, shown, unrepresentable } from '../contract/vector-tables.ts';
import { catchUp, type Setup } from '../support/pipeline.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, mysql, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';
import { describeWithSqlServer } from '../support/sqlserver.ts';
import { type EngineName, isOmitted, type Vector, vectors } from '../support/type-vectors.ts';
import {
  createSql,
  createTypes,
  emptyRowsSql,
  insertSql,
  misprinted,
  missing,
  type SourceTable,
  sourceTables,
  updateSql,
  vectorAt,
} from './source.ts';

/** Enough rows of a table that they travel by the bulk road. */
const MANY = 300;

const server = await postgres();
const absent = await missing(server.url);
const skipped = new Set([...absent.values()].flat());
const present = (list: readonly Vector[]): Vector[] => list.filter((vector) => !skipped.has(vector));

for (const [extension, list] of absent) {
  const types = [...new Set(list.map(({ pgType }) => pgType))].join(', ');
  console.error(`*** SKIPPED: ${list.length} vectors of ${types}: ${server.name} has no extension ${extension}`);
  describe(`vectors of the extension ${extension}`, () => it.skip(`${list.length} vectors of ${types}`));
}

describe('the vectors', () => {
  it('are all there, but for those of extensions that other projects make', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(231);
    expect(present(vectors).length).toBeGreaterThanOrEqual(225);
    expect([...absent.keys()].filter((name) => name !== 'vector' && name !== 'postgis')).toEqual([]);
  });
});

await describeWith(
  'all vectors from PostgreSQL to SQLite',
  async () => null,
  () => roads('sqlite', sqlitePlace),
);
await describeWith('all vectors from PostgreSQL to MariaDB', mariadb, (target) =>
  roads('mariadb', () => mysqlPlace('mariadb', target)),
);
await describeWith('all vectors from PostgreSQL to MySQL', mysql, (target) =>
  roads('mysql', () => mysqlPlace('mysql', target)),
);

describeWithSqlServer('all vectors from PostgreSQL to SQL Server', (target) => {
  roads('sqlserver', () => sqlServerPlace(target));
});

function roads(engine: EngineName, openPlace: OpenPlace): void {
  const list = present(representable(engine));
  /** A few values are too large to be sent hundreds of times. */
  const small = list.filter(({ pgText }) => !isOmitted(pgText));
  let database: FreshDatabase;
  let place: Place;
  let setup: Setup;
  beforeEach(async () => {
    [database, place] = await Promise.all([freshDatabase(server), openPlace()]);
    await createTypes(database.url, absent);
    setup = { source: database.url, slot: `v_${database.name}`, open: () => place.open() };
  });
  afterEach(async () => {
    await place.close();
    await database.drop();
  });

  const run = (tables: readonly SourceTable[], sql: (table: SourceTable) => string): Promise<unknown> =>
    pgRows(database.url, tables.map(sql).join(';'));
  const check = async (tables: readonly SourceTable[]): Promise<void> => {
    for (const table of tables) expect(await wrong(place, table), table.name).toEqual([]);
    const seen = new Set(tables.flatMap(({ types }) => types.flat()));
    expect(seen.size).toBeGreaterThanOrEqual(small.length);
  };
  const empty = async (tables: readonly SourceTable[]): Promise<void> => {
    for (const table of tables) expect(await place.query(`SELECT id FROM ${place.quote(table.name)}`)).toEqual([]);
  };

  it('arrive by the initial copy, and leave by their keys', async () => {
    const tables = [...sourceTables('few', list), ...sourceTables('many', small, MANY)];
    await run(tables, (table) => createSql(table, true));
    await run(tables, insertSql);
    for (const table of tables) expect(await misprinted(database.url, table)).toEqual([]);
    await catchUp(setup);
    await check(tables);
    await run(tables, ({ name }) => `DELETE FROM ${name}`);
    await catchUp(setup);
    await empty(tables);
  });

  it('arrive by inserts and updates of the stream, and leave by their keys', async () => {
    const inserted = [...sourceTables('few', list), ...sourceTables('many', small, MANY)];
    const updated = sourceTables('updated', list);
    await run([...inserted, ...updated], (table) => createSql(table, true));
    await run(updated, emptyRowsSql);
    await catchUp(setup);
    await run(inserted, insertSql);
    await run(updated, updateSql);
    await catchUp(setup);
    await check(inserted);
    await check(updated);
    await run([...inserted, ...updated], ({ name }) => `DELETE FROM ${name}`);
    await catchUp(setup);
    await empty([...inserted, ...updated]);
  });

  const refused = byProblem(engine);
  if (refused.size > 0)
    it('stop the pipeline by the class of what has no counterpart, in the copy and in the stream', {
      timeout: 180_000,
    }, async () => {
      for (const [problem, vector] of refused) {
        for (const road of ['copy', 'stream']) {
          const name = `${problem}_${road}`.toLowerCase();
          const [table] = sourceTables(name, [vector]);
          if (!table) throw new Error('no table');
          await run([table], (one) => createSql(one, true));
          const only = { ...setup, slot: name, stream: { tables: [`public.${table.name}`] } };
          if (road === 'stream') await catchUp(only);
          await run([table], insertSql);
          const wanted = { code: 'VALUE_UNREPRESENTABLE', message: expect.stringContaining(problem) };
          await expect(catchUp(only), name).rejects.toMatchObject(wanted);
          await empty([table]);
        }
      }
    });

  it('find their rows where there is no key, for updates and deletes by the full row', async () => {
    const tables = sourceTables('whole', list);
    await run(tables, (table) => createSql(table, false));
    await run(tables, insertSql);
    await catchUp(setup);
    await check(tables);
    await run(tables, ({ name }) => `UPDATE ${name} SET id = id + 1000`);
    await run(tables, insertSql);
    await run(tables, ({ name, rows }) => `DELETE FROM ${name} WHERE id < ${rows}`);
    await run(tables, ({ name }) => `UPDATE ${name} SET id = id - 1000`);
    await catchUp(setup);
    await check(tables);
    await run(tables, ({ name }) => `DELETE FROM ${name}`);
    await catchUp(setup);
    await empty(tables);
  });
}

/** One vector for each class of values that this engine has no counterpart for. */
const byProblem = (engine: EngineName): ReadonlyMap<string, Vector> =>
  new Map(present(unrepresentable(engine)).map((vector) => [vector[engine].unrepresentable ?? '', vector]));

/** Cells that do not read back as the vectors say, in words. */
async function wrong(place: Place, table: SourceTable): Promise<string[]> {
  const columns = table.types.map((_, i) => place.quote(`c${i}`)).join(', ');
  const found = await place.query(`SELECT ${columns} FROM ${place.quote(table.name)} ORDER BY id`);
  const wrongs = found.length === table.rows ? [] : [`${found.length} rows instead of ${table.rows}`];
  found.forEach((cells, row) => {
    cells.forEach((text, column) => {
      const vector = vectorAt(table, row, column);
      const wanted = expected(vector, place.engine);
      if (!arrived(vector, place.engine, text))
        wrongs.push(`${vector.id} ${vector.pgType}: ${shown(text)}, not ${shown(wanted)}`);
    });
  });
  return [...new Set(wrongs)];
}
