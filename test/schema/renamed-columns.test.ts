import { expect, it } from 'vitest';
import { crash, describeEngines } from '../support/schema-fixture.ts';
import { until } from '../support/wait.ts';

describeEngines('renamed columns', (f) => {
  const create = async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text, n int); INSERT INTO t VALUES (1, 'a', 1)");
  };
  const RENAME = "ALTER TABLE t RENAME v TO w; INSERT INTO t VALUES (3, 'c', 3)";

  it('are renamed at the destination too, with the rows before and after', async () => {
    await create();
    const run = await f.start();
    await f.sql("INSERT INTO t VALUES (2, 'b', 2)");
    await f.sql(RENAME);
    await run.saw('column.renamed');
    await f.sql("UPDATE t SET w = 'B' WHERE id = 2");
    await until(async () => (await f.there("SELECT 1 FROM t WHERE id = 2 AND w = 'B'").catch(() => [])).length);
    await run.stop();
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['id', 'w', 'n']);
    const renamed = run.events.find(({ event }) => event === 'column.renamed');
    expect(renamed?.data?.sql).toContain('RENAME COLUMN');
  });

  it('are recognised when they were renamed while nobody looked, also the last one', async () => {
    await create();
    await f.sync();
    await f.sql("UPDATE t SET v = 'A'; ALTER TABLE t RENAME n TO v2");
    await f.sql('INSERT INTO t VALUES (2, NULL, 7); ALTER TABLE t RENAME v2 TO last; ALTER TABLE t RENAME v TO first');
    await f.sql("INSERT INTO t VALUES (3, 'c', 3)");
    await f.sync();
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['id', 'first', 'last']);
  });

  it('may change within a transaction that writes rows before and after, in pieces', async () => {
    await create();
    await f.sync();
    await f.sql(`BEGIN; INSERT INTO t SELECT i, 'before', i FROM generate_series(10, 30) i; ALTER TABLE t RENAME v TO w;
      UPDATE t SET w = 'after' WHERE id < 15; INSERT INTO t SELECT i, 'new', i FROM generate_series(40, 60) i; COMMIT`);
    await f.sync({ pipeline: { limits: { rows: 3, bytes: 1 << 20 } } });
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['id', 'w', 'n']);
  });

  it('may swap their names', async () => {
    await create();
    await f.sync();
    await f.sql('BEGIN; ALTER TABLE t RENAME v TO x; ALTER TABLE t RENAME n TO v; ALTER TABLE t RENAME x TO n; COMMIT');
    await f.sql("INSERT INTO t VALUES (2, 'text', 2)");
    await f.sync();
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['id', 'n', 'v']);
  });

  it('may give their name to a new column', async () => {
    await create();
    await f.sync();
    await f.sql(
      "ALTER TABLE t RENAME v TO old; ALTER TABLE t ADD v int DEFAULT 5; INSERT INTO t VALUES (2, 'b', 2, 9)",
    );
    await f.sync();
    await f.expectSame('t');
    expect((await f.columns('t')).sort()).toEqual(['id', 'n', 'old', 'v']);
  });

  it('may be the key', async () => {
    await create();
    await f.sync();
    await f.sql("ALTER TABLE t RENAME id TO nr; UPDATE t SET v = 'x' WHERE nr = 1; INSERT INTO t VALUES (2, 'b', 2)");
    await f.sync();
    await f.sql('DELETE FROM t WHERE nr = 2; UPDATE t SET nr = 5');
    await f.sync();
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['nr', 'v', 'n']);
  });

  it('are renamed by hand as well as by us', async () => {
    await create();
    await f.sync();
    await f.sql(RENAME);
    await f.place.exec('ALTER TABLE t RENAME COLUMN v TO w');
    await f.sync();
    await f.expectSame('t');
  });

  it('stop the pipeline where their new name is taken by a column of the destination alone', async () => {
    await create();
    await f.sync();
    await f.place.exec('ALTER TABLE t ADD COLUMN w INTEGER');
    await f.sql(RENAME);
    await expect(f.sync()).rejects.toMatchObject({ code: 'SCHEMA_CHANGED', exitCode: 7 });
    await f.place.exec('ALTER TABLE t DROP COLUMN w');
    await f.sql("INSERT INTO t VALUES (4, 'd', 4)");
    await f.sync();
    await f.expectSame('t');
  });

  it.each([
    ['before', /RENAME COLUMN/],
    ['after', /RENAME COLUMN/],
    ['before', /UPDATE .pg2any_tables. SET shape/],
    ['after', /UPDATE .pg2any_tables. SET shape/],
    ['before', /UPDATE .pg2any_checkpoint. SET flushed/],
  ] as const)('survive a crash %s %s', async (point, statement) => {
    await create();
    await f.sync();
    await f.sql(RENAME);
    await f.sql(
      "UPDATE t SET w = 'C', n = 33 WHERE id = 3; ALTER TABLE t RENAME n TO nn; UPDATE t SET nn = 34 WHERE id = 3",
    );
    let crashes = 0;
    f.fault = (when, sql) => {
      if (when === point && statement.test(sql) && crashes++ < 1) crash();
    };
    await expect(f.sync()).rejects.toThrow('killed');
    await f.sync();
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['id', 'w', 'nn']);
  });

  it('survive a crash at every statement, one after the other', async () => {
    await create();
    await f.sync();
    await f.sql(`BEGIN; INSERT INTO t VALUES (2, 'b', 2); ALTER TABLE t RENAME v TO x; ALTER TABLE t RENAME n TO v;
      UPDATE t SET v = 22 WHERE id = 2; ALTER TABLE t RENAME x TO n; INSERT INTO t VALUES (3, 'c', 3); COMMIT`);
    expect(await f.syncThroughCrashes()).toBeGreaterThan(6);
    await f.sql('UPDATE t SET v = v + 1');
    await f.syncThroughCrashes();
    await f.sql('UPDATE t SET v = v + 1');
    await f.sync();
    await f.expectSame('t');
    expect(await f.columns('t')).toEqual(['id', 'n', 'v']);
  });
});
