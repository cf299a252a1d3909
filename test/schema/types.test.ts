import { describe, expect, it } from 'vitest';
import { keepsValues } from '../../src/destination/values/widening.ts';
import { describeEngines } from '../support/schema-fixture.ts';

describeEngines('types that change', (f) => {
  it.each([
    ['a larger integer', 'int', '2147483647', 'bigint', '9007199254740993'],
    ['an integer that gets smaller', 'bigint', '7', 'int', '8'],
    ['a longer text', 'varchar(3)', "'äöü'", 'varchar(5)', "'😀bcde'"],
    ['a text of any length', 'varchar(3)', "'a  '", 'text', "repeat('é', 5000)"],
    ['an integer that becomes a number of any length', 'bigint', '9007199254740993', 'numeric', '0.5'],
    ['more digits', 'numeric(5,2)', '123.40', 'numeric(12,2)', '1234567890.12'],
    ['more digits of a second', 'timestamp(1)', "'2024-02-29 12:00:00.5'", 'timestamp', "'2024-02-29 12:00:00.123456'"],
  ] as const)('are widened without a loss: %s', async (_, from, before, to, after) => {
    await f.sql(`CREATE TABLE t (id int PRIMARY KEY, v ${from}); INSERT INTO t VALUES (1, ${before}), (2, NULL)`);
    const run = await f.start();
    await f.sql(
      `BEGIN; INSERT INTO t VALUES (3, ${before}); ALTER TABLE t ALTER v TYPE ${to}; INSERT INTO t VALUES (4, ${after}); COMMIT`,
    );
    await f.sql(`INSERT INTO t VALUES (5, ${after})`);
    await run.stop();
    await f.sync();
    await f.expectSameAsFresh('t');
  });

  it('may be those of the key', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    await f.sync();
    await f.sql(
      "ALTER TABLE t ALTER id TYPE bigint; INSERT INTO t VALUES (9007199254740993, 'c'); DELETE FROM t WHERE id = 1",
    );
    await f.sync();
    await f.expectSame('t');
  });

  it('keep the value that rows from before an added column show', async () => {
    await f.sql('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)');
    await f.sync();
    await f.sql(`BEGIN; INSERT INTO t VALUES (2); ALTER TABLE t ADD v varchar(5) DEFAULT 'it''s'; INSERT INTO t VALUES (3, 'own');
      ALTER TABLE t ALTER v TYPE text; INSERT INTO t VALUES (4, 'longer than five'); COMMIT`);
    await f.sync({ pipeline: { limits: { rows: 1, bytes: 1 << 20 } } });
    await f.expectSame('t');
    expect(await f.there('SELECT v FROM t WHERE id < 3 ORDER BY id')).toEqual([["it's"], ["it's"]]);
  });

  it.each([
    ['rounded', 'numeric(8,4)', 'numeric(8,2)', ''],
    ['another text', 'timestamp', 'timestamptz', ''],
    ['computed', 'int', 'text', "USING 'n' || v"],
    ['cut', 'varchar(9)', 'varchar(5)', ''],
  ] as const)('stop the pipeline where what was there may be %s', async (_, from, to, using) => {
    await f.sql(`CREATE TABLE t (id int PRIMARY KEY, v ${from})`);
    await f.sync();
    await f.sql(`ALTER TABLE t ALTER v TYPE ${to} ${using}; INSERT INTO t VALUES (1, NULL)`);
    await expect(f.sync()).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
      hint: expect.stringContaining('Copy the table again'),
    });
    await f.place.exec('DROP TABLE t');
    await f.place.exec("DELETE FROM pg2any_tables WHERE table_name = 't'");
    await f.sync();
    expect(await f.there('SELECT id, v FROM t')).toEqual([['1', null]]);
  });

  it('survive a crash at every statement', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v int, w varchar(3)); INSERT INTO t VALUES (1, 1, 'abc')");
    await f.sync();
    await f.sql(`BEGIN; INSERT INTO t VALUES (2, 2, 'b'); ALTER TABLE t ALTER v TYPE numeric; ALTER TABLE t ALTER w TYPE text;
      INSERT INTO t VALUES (3, 0.5, 'longer'); ALTER TABLE t RENAME v TO vv; INSERT INTO t VALUES (4, 1.5, 'x'); COMMIT`);
    await f.syncThroughCrashes();
    await f.sql("INSERT INTO t VALUES (5, 2.5, 'y')");
    await f.sync();
    await f.expectSameAsFresh('t');
  });
});

describe('what ALTER COLUMN TYPE leaves of values', () => {
  const numeric = (precision: number, scale: number) => ({
    oid: 1700,
    typmod: ((precision << 16) | (scale & 0x7ff)) + 4,
  });
  const type = (oid: number, typmod = -1) => ({ oid, typmod });
  const text = type(25);
  const varchar = (n: number) => type(1043, n + 4);

  it.each([
    ['int4 → int8', type(23), type(20), 'text'],
    ['int8 → int2', type(20), type(21), 'text'],
    ['int4 → numeric', type(23), type(1700), 'text'],
    ['int4 → numeric(12,2)', type(23), numeric(12, 2), 'value'],
    ['int4 → numeric(12,-2)', type(23), numeric(12, -2), null],
    ['numeric(10,2) → numeric(8,2)', numeric(10, 2), numeric(8, 2), 'text'],
    ['numeric(10,2) → numeric(12,3)', numeric(10, 2), numeric(12, 3), 'value'],
    ['numeric(10,2) → numeric(12,1)', numeric(10, 2), numeric(12, 1), null],
    ['numeric → numeric(10,2)', type(1700), numeric(10, 2), null],
    ['numeric → int8', type(1700), type(20), null],
    ['varchar(5) → varchar(9)', varchar(5), varchar(9), 'text'],
    ['varchar(9) → varchar(5)', varchar(9), varchar(5), null],
    ['text → varchar', text, type(1043), 'text'],
    ['text → varchar(5)', text, varchar(5), null],
    ['uuid → varchar(36)', type(2950), varchar(36), 'text'],
    ['uuid → varchar(35)', type(2950), varchar(35), null],
    ['json → jsonb', type(114), type(3802), null],
    ['float4 → float8', type(700), type(701), null],
    ['timestamp(3) → timestamp', type(1114, 3), type(1114), 'text'],
    ['timestamp → timestamp(3)', type(1114), type(1114, 3), null],
    ['date → timestamp', type(1082), type(1114), null],
    ['int4[] → int8[]', type(1007), type(1016), 'text'],
    ['int4[] → numeric[]', type(1007), type(1231), null],
    ['an enum as it was', type(16400), type(16400), 'text'],
    ['an enum → text', type(16400), text, null],
  ] as const)('%s', (_, from, to, kept) => {
    expect(keepsValues(from, to)).toBe(kept);
  });
});
