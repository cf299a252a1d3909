import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasValues } from '../../src/source/has-values.ts';
import { describeWith, type FreshDatabase, freshDatabase, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';

await describeWith('whether a column has values', postgres, (server) => {
  let database: FreshDatabase;
  let client: pg.Client;
  const sql = (text: string) => pgRows(database.url, text);
  const ask = async (table: string, attnum: number) => {
    const [[oid] = []] = await sql(`SELECT '${table}'::regclass::oid`);
    return await hasValues(client, Number(oid), attnum);
  };

  beforeAll(async () => {
    database = await freshDatabase(server);
    client = new pg.Client(database.url);
    await client.connect();
    await sql(`CREATE TYPE pair AS (a int, b int); CREATE TABLE "T t" (id int, "a b" int, p pair, gone int);
      INSERT INTO "T t" VALUES (1, NULL, ROW(NULL, NULL), 1); ALTER TABLE "T t" DROP gone`);
    await sql(`CREATE TABLE parts (id int, v int) PARTITION BY LIST (id);
      CREATE TABLE part PARTITION OF parts FOR VALUES IN (1); INSERT INTO parts VALUES (1, 2)`);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it.each([
    ['a value', '"T t"', 1, true],
    ['NULL alone', '"T t"', 2, false],
    ['a row of NULLs, which is a value', '"T t"', 3, true],
    ['a column that is gone', '"T t"', 4, false],
    ['values in partitions', 'parts', 2, true],
  ])('is told of %s', async (_, table, attnum, expected) => {
    expect(await ask(table, attnum)).toBe(expected);
  });

  it('is taken for granted where it cannot be seen', async () => {
    const role = `reader_${database.name}`;
    await sql(`CREATE ROLE ${role}`);
    try {
      await client.query(`SET ROLE ${role}`);
      expect(await ask('"T t"', 2)).toBe(true);
    } finally {
      await client.query('RESET ROLE');
      await sql(`DROP ROLE ${role}`);
    }
  });
});
