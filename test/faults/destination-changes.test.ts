import { expect, it } from 'vitest';
import { destinationFixture } from '../support/destination-fixture.ts';
import { catchUp } from '../support/pipeline.ts';
import { describeWith, mariadb } from '../support/services.ts';
import { until } from '../support/wait.ts';

const BIG = "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 400) i)";

/** Changes that are hard to repeat elsewhere, through real WAL into a real server. */
await describeWith('changes at a real destination', mariadb, (server) => {
  const f = destinationFixture(server);
  const pieces = { pipeline: { limits: { rows: 3, bytes: 1 << 20 } } };

  it('34: changes exactly one of several equal rows', async () => {
    await f.sql('CREATE TABLE k (a int, b text); ALTER TABLE k REPLICA IDENTITY FULL');
    await f.sql("INSERT INTO k VALUES (1, NULL), (1, NULL), (1, NULL), (2, 'x'), (2, 'x')");
    await catchUp(f.setup());
    await f.sql('DELETE FROM k WHERE ctid = (SELECT min(ctid) FROM k WHERE a = 1)');
    await f.sql("UPDATE k SET b = 'y' WHERE ctid = (SELECT min(ctid) FROM k WHERE a = 2)");
    await catchUp(f.setup());
    expect(await f.there('SELECT COUNT(*) FROM k WHERE a = 1')).toEqual([['2']]);
    await f.expectSame('k');
  });

  it('36, 37, 39: keeps an unchanged large value, also under a new key and after its own insert', async () => {
    await f.sql(
      `ALTER TABLE t ALTER v SET STORAGE EXTERNAL; ALTER TABLE t ADD n int; INSERT INTO t VALUES (1, ${BIG}), (2, ${BIG})`,
    );
    await catchUp(f.setup());
    await f.sql('UPDATE t SET id = 10, n = 5 WHERE id = 1');
    await f.sql('UPDATE t SET n = 6 WHERE id = 2');
    await f.sql(
      `BEGIN; INSERT INTO t VALUES (3, ${BIG}, 0); UPDATE t SET n = 7 WHERE id = 3; UPDATE t SET id = 30 WHERE id = 3; COMMIT`,
    );
    await catchUp(f.setup());
    await f.expectSame('t');
    expect(await f.there('SELECT id, LENGTH(v), n FROM t ORDER BY id')).toEqual([
      ['2', '12800', '6'],
      ['10', '12800', '5'],
      ['30', '12800', '7'],
    ]);
  });

  it('41: empties two tables within a transaction, and no reader ever sees it half done', async () => {
    await f.sql('CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t)');
    const fill =
      "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 500) i; INSERT INTO child SELECT i, i FROM generate_series(1, 500) i";
    await f.sql(fill);
    const run = await f.start({ pipeline: { limits: { rows: 200, bytes: 1 << 20 } } });
    const seen = new Set<string>();
    let stopped = false;
    const reading = (async () => {
      while (!stopped)
        seen.add(
          (await f.there('SELECT CONCAT((SELECT COUNT(*) FROM t), "/", (SELECT COUNT(*) FROM child))'))[0]?.[0] ?? '',
        );
    })();
    for (let round = 0; round < 5; round += 1)
      await f.sql(`BEGIN; DELETE FROM child WHERE id = 7; TRUNCATE t, child; ${fill}; COMMIT`);
    await f.sql("TRUNCATE t CASCADE; INSERT INTO t VALUES (1, 'last')");
    await until(async () => (await f.there("SELECT 1 FROM t WHERE v = 'last'")).length);
    stopped = true;
    await reading;
    await run.stop();
    expect([...seen].filter((one) => !['500/500', '0/0', '1/0'].includes(one))).toEqual([]);
    await f.expectSame('t');
    await f.expectSame('child');
  });

  it('26: adds a column with a default between transactions, for the rows from before too', async () => {
    await f.sql("INSERT INTO t VALUES (1, 'copied')");
    const run = await f.start();
    await f.sql("INSERT INTO t VALUES (2, 'streamed')");
    await f.sql("ALTER TABLE t ADD n int DEFAULT 42; ALTER TABLE t ADD w text NOT NULL DEFAULT 'it''s \\ 😀'");
    await f.sql("INSERT INTO t VALUES (3, 'after', NULL, 'own'), (4, 'after', 7, DEFAULT)");
    await until(async () => (await f.there('SELECT 1 FROM t WHERE id = 4')).length);
    await run.stop();
    await f.expectSame('t');
  });

  it('26: adds a column within a transaction that comes in pieces, and shows none of it before its end', async () => {
    await f.sql("INSERT INTO t VALUES (1, 'copied')");
    const run = await f.start(pieces);
    await f.sql(`BEGIN; INSERT INTO t SELECT i, 'before' FROM generate_series(10, 30) i; DELETE FROM t WHERE id = 10;
      ALTER TABLE t ADD n int DEFAULT 42; UPDATE t SET n = 1 WHERE id = 11;
      INSERT INTO t SELECT i, 'after', i FROM generate_series(40, 60) i; COMMIT`);
    await until(async () => (await f.there('SELECT 1 FROM t WHERE id = 60')).length);
    await run.stop();
    await f.expectSame('t');
    expect(await f.there('SELECT n FROM t WHERE id IN (1, 12)')).toEqual([['42'], ['42']]);
  });
});
