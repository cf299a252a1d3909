import { describe, expect, it } from 'vitest';
import { UNCHANGED } from '../../src/model/value.ts';
import { onlyTables } from '../../src/transform/filter.ts';
import { catchUp, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

/** What arrives from every kind of table and change, through real WAL. Destinations have the contract suite. */
describe('tables and changes', { timeout: 60_000 }, () => {
  const f = sourceFixture('tables');
  const rows = (name: string) =>
    f.memory
      .rows(name)
      .map((row) => row.join('|'))
      .sort();
  /** Copies, runs the statements, and streams what they did. */
  const stream = async (...statements: string[]) => {
    await catchUp(f.setup());
    f.memory.applied.length = 0;
    for (const statement of statements) await f.sql(statement);
    await catchUp(f.setup());
    return f.memory.applied;
  };
  const big = 'repeat(md5(random()::text), 200)';

  it('34: changes exactly one of several equal rows under REPLICA IDENTITY FULL, NULLs included', async () => {
    await f.sql('DROP TABLE t; CREATE TABLE t (a int, b text); ALTER TABLE t REPLICA IDENTITY FULL');
    await f.sql("INSERT INTO t VALUES (1, NULL), (1, NULL), (1, NULL), (2, 'x')");
    await stream(
      'DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t WHERE a = 1)',
      'UPDATE t SET a = 9 WHERE ctid = (SELECT min(ctid) FROM t WHERE a = 1)',
    );
    expect(rows('public.t')).toEqual(['1|', '2|x', '9|']);
  });

  it('35: takes the key of a REPLICA IDENTITY FULL table from the catalog, in the order of the key', async () => {
    await f.sql(
      'DROP TABLE t; CREATE TABLE t (a int, b int, c text, PRIMARY KEY (b, a)); ALTER TABLE t REPLICA IDENTITY FULL',
    );
    const changes = await stream("INSERT INTO t VALUES (1, 2, 'x')", "UPDATE t SET c = 'y'", 'UPDATE t SET a = 5');
    expect(changes.map((change) => (change.kind === 'insert' ? null : 'key' in change ? change.key : null))).toEqual([
      null,
      ['2', '1'],
      ['2', '1'],
    ]);
    expect(rows('public.t')).toEqual(['5|2|y']);
  });

  it('36, 37: leaves an unchanged large value alone, also where the key changes', async () => {
    await f.sql(`ALTER TABLE t ALTER v SET STORAGE EXTERNAL; INSERT INTO t VALUES (1, ${big}), (2, ${big})`);
    await f.sql('ALTER TABLE t ADD n int');
    const changes = await stream('UPDATE t SET n = 1 WHERE id = 1', 'UPDATE t SET id = 20 WHERE id = 2');
    expect(changes).toMatchObject([
      { kind: 'update', key: ['1'], after: ['1', UNCHANGED, '1'] },
      { kind: 'update', key: ['2'], after: ['20', UNCHANGED, null] },
    ]);
    const expected = (
      await f.sql("SELECT concat_ws('|', id, v, n) || CASE WHEN n IS NULL THEN '|' ELSE '' END AS r FROM t")
    )
      .map((row) => row.r)
      .sort();
    expect(rows('public.t')).toEqual(expected);
  });

  it('37: fills an unchanged large value from the old row under REPLICA IDENTITY FULL', async () => {
    await f.sql(
      `DROP TABLE t; CREATE TABLE t (v text, n int); ALTER TABLE t REPLICA IDENTITY FULL; ALTER TABLE t ALTER v SET STORAGE EXTERNAL`,
    );
    await f.sql(`INSERT INTO t VALUES (${big}, 1)`);
    const changes = await stream('UPDATE t SET n = 2');
    expect(changes[0]).toMatchObject({ kind: 'update', after: [expect.stringMatching(/^[0-9a-f]{6400}$/), '2'] });
  });

  it('38: reads a large value that is missing when a row enters the row filter', async () => {
    await f.sql(
      'ALTER TABLE t ADD shown boolean DEFAULT false; ALTER TABLE t ALTER v SET STORAGE EXTERNAL; ALTER TABLE t ADD UNIQUE (id, shown)',
    );
    await f.sql('ALTER TABLE t ALTER shown SET NOT NULL; ALTER TABLE t REPLICA IDENTITY USING INDEX t_id_shown_key');
    await f.sql(`INSERT INTO t VALUES (1, ${big}, false); CREATE PUBLICATION ${f.slot} FOR TABLE t WHERE (shown)`);
    const changes = await stream('UPDATE t SET shown = true');
    const value = (await f.sql('SELECT v FROM t'))[0]?.v;
    expect(changes).toEqual([expect.objectContaining({ kind: 'insert', after: ['1', value, 't'] })]);
    await f.sql('UPDATE t SET shown = false');
    await catchUp(f.setup());
    expect(rows('public.t')).toEqual([]);
  });

  it('41: empties all tables of a TRUNCATE CASCADE in one step', async () => {
    await f.sql(
      'DROP TABLE IF EXISTS child; CREATE TABLE child (id serial PRIMARY KEY, t int REFERENCES t); INSERT INTO t VALUES (1); INSERT INTO child (t) VALUES (1)',
    );
    const changes = await stream('TRUNCATE t RESTART IDENTITY CASCADE');
    expect(changes).toHaveLength(1);
    expect(changes[0]?.kind === 'truncate' && changes[0].relations.map((relation) => relation.name).sort()).toEqual([
      'child',
      't',
    ]);
    expect([...rows('public.t'), ...rows('public.child')]).toEqual([]);
    await f.sql('DROP TABLE child');
  });

  it('43: keeps a row that moves between partitions once, in the root table', async () => {
    await f.sql(
      'DROP TABLE t; CREATE TABLE t (id int, p int, PRIMARY KEY (id, p)) PARTITION BY LIST (p); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)',
    );
    await f.sql('INSERT INTO t VALUES (1, 1), (2, 2)');
    await catchUp(f.setup());
    await f.sql('UPDATE t SET p = 2 WHERE id = 1');
    await f.sql('INSERT INTO t VALUES (3, 1)');
    const running = startPipeline(f.setup({ pipeline: { until: 'now' } }));
    await running.done;
    expect(running.events.filter((event) => event.event === 'stream.restart')).toEqual([]);
    expect([...f.memory.tables.keys()]).toEqual(['public.t']);
    expect(rows('public.t')).toEqual(['1|2', '2|2', '3|1']);
  });

  it('26: shows a column added with a default before the rows that have it', async () => {
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await f.sql(
      "BEGIN; INSERT INTO t VALUES (2, 'b'); ALTER TABLE t ADD n int DEFAULT 42; INSERT INTO t VALUES (3, 'c'); COMMIT",
    );
    await until(() => f.memory.rows('public.t').length === 3);
    await running.stop();
    const shapes = f.memory.prepared.map((relation) => relation.columns.length);
    expect(shapes.indexOf(3)).toBeGreaterThan(shapes.indexOf(2));
    expect(rows('public.t')).toEqual(['1|a', '2|b', '3|c|42']);
  });

  it('27: tells the destination which column was renamed, by its number', async () => {
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => f.memory.applied.length === 1);
    await f.sql("ALTER TABLE t RENAME v TO w; INSERT INTO t VALUES (2, 'b')");
    await until(() => f.memory.applied.length === 2);
    await running.stop();
    expect(f.memory.prepared.at(-1)?.columns).toMatchObject([{ attnum: 1 }, { name: 'w', attnum: 2 }]);
  });

  it('45: copies a table that appears while streaming, and loses none of its rows', async () => {
    await f.sql('DROP TABLE IF EXISTS later');
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await f.sql('CREATE TABLE later (id int PRIMARY KEY); INSERT INTO later VALUES (1)');
    await f.sql('INSERT INTO later VALUES (2)');
    await until(() => f.memory.rows('public.later').length === 2, { what: 'both rows of the new table' });
    await f.sql('INSERT INTO later VALUES (3)');
    await until(() => f.memory.rows('public.later').length === 3);
    await running.stop();
    await f.sql('DROP TABLE later');
  });

  it('leaves out tables that were not chosen', async () => {
    await f.sql('DROP TABLE IF EXISTS secret; CREATE TABLE secret (id int PRIMARY KEY)');
    const chosen = { pipeline: { transform: onlyTables(['public.t']) } };
    await catchUp(f.setup(chosen));
    await f.sql("INSERT INTO secret VALUES (1); INSERT INTO t VALUES (1, 'a')");
    await catchUp(f.setup(chosen));
    expect([...f.memory.tables.keys()]).toEqual(['public.t']);
    expect(f.memory.applied).toHaveLength(1);
    await f.sql('DROP TABLE secret');
  });

  it('passes over logical messages, and over those of a transaction that rolled back', async () => {
    const changes = await stream(
      "SELECT pg_logical_emit_message(true, 'p', 'in a transaction')",
      "BEGIN; SELECT pg_logical_emit_message(false, 'p', 'at once'); ROLLBACK",
      "INSERT INTO t VALUES (1, 'a')",
    );
    expect(changes.map((change) => change.kind)).toEqual(['message', 'insert']);
  });

  it('keeps what the snapshot holds and what the stream brings apart under concurrent writers', async () => {
    await f.sql("INSERT INTO t SELECT i, 'seed' FROM generate_series(1, 20000) i");
    let writing = true;
    let id = 20_000;
    const writer = (async () => {
      while (writing) {
        id += 1;
        await f.sql(
          `INSERT INTO t VALUES (${id}, 'live'); UPDATE t SET v = v || '!' WHERE id = ${1 + (id % 20_000)}; DELETE FROM t WHERE id = ${id - 50}`,
        );
      }
    })();
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await until(() => f.memory.applied.length > 200, { what: 'live changes' });
    writing = false;
    await writer;
    await running.stop();
    await catchUp(f.setup());
    const expected = (await f.sql("SELECT id || '|' || v AS r FROM t")).map((row) => row.r).sort();
    expect(rows('public.t')).toEqual(expected);
  });

  it('copies an interrupted table again, keeps finished ones, and skips the overlap', async () => {
    await f.sql(
      "DROP TABLE IF EXISTS small; CREATE TABLE small (id int PRIMARY KEY); INSERT INTO small VALUES (1); INSERT INTO t SELECT i, 'x' FROM generate_series(1, 50000) i",
    );
    let writes = 0;
    f.memory.fault = async (point, _, table) => {
      if (point !== 'copy' || table !== 'public.t' || ++writes < 3) return;
      await until(() => f.memory.states.get('public.small')?.state === 'copied', { what: 'the small table' });
      throw new Error('killed');
    };
    const small = { pipeline: { limits: { rows: 1000, bytes: 1 << 20 } } };
    await expect(catchUp(f.setup(small))).rejects.toThrow('killed');
    f.memory.fault = () => undefined;
    await f.sql(
      "INSERT INTO t VALUES (60000, 'between'); UPDATE t SET v = 'y' WHERE id <= 10; DELETE FROM t WHERE id = 11",
    );
    await f.sql('INSERT INTO small VALUES (2)');
    const resumed = await catchUp(f.setup());
    expect(resumed.totals.copiedRows).toBe(50_000);
    expect(f.memory.applied.map((change) => change.kind === 'insert' && change.relation.name)).toEqual(['small']);
    expect(f.memory.rows('public.t')).toHaveLength(50_000);
    expect(rows('public.small')).toEqual(['1', '2']);
    await f.sql('DROP TABLE small');
  });

  it('streams only, without a copy, when told to', async () => {
    await f.sql("INSERT INTO t VALUES (1, 'old')");
    const never = { pipeline: { snapshot: 'never' } } as const;
    await catchUp(f.setup(never));
    await f.sql("INSERT INTO t VALUES (2, 'new')");
    await catchUp(f.setup(never));
    expect(rows('public.t')).toEqual(['2|new']);
  });

  it('stops after the copy when told to, and goes on later', async () => {
    await f.sql("INSERT INTO t VALUES (1, 'old')");
    await catchUp(f.setup({ pipeline: { snapshot: 'only' } }));
    expect(rows('public.t')).toEqual(['1|old']);
    await f.sql("INSERT INTO t VALUES (2, 'new')");
    expect(f.memory.applied).toEqual([]);
    await catchUp(f.setup());
    expect(rows('public.t')).toEqual(['1|old', '2|new']);
  });

  it('65: keeps names of mixed case, quotes, spaces, 63 bytes and other scripts apart', async () => {
    const long = 'x'.repeat(63);
    await f.sql(
      `CREATE SCHEMA IF NOT EXISTS "Ünï ""Schema"""; CREATE TABLE "Ünï ""Schema"""."Order, ""s""" ("Id" int PRIMARY KEY, "ключ 😀" text, "${long}" int)`,
    );
    await f.sql(`INSERT INTO "Ünï ""Schema"""."Order, ""s""" VALUES (1, 'a', 2)`);
    await stream(`INSERT INTO "Ünï ""Schema"""."Order, ""s""" VALUES (2, 'b', 3)`);
    expect(rows('Ünï "Schema".Order, "s"')).toEqual(['1|a|2', '2|b|3']);
    expect(
      f.memory.prepared.find((relation) => relation.name.startsWith('Order'))?.columns.map((column) => column.name),
    ).toEqual(['Id', 'ключ 😀', long]);
    await f.sql('DROP SCHEMA "Ünï ""Schema""" CASCADE');
  });
});

describe('a LATIN1 source', { timeout: 60_000 }, () => {
  const f = sourceFixture('latin');

  it('62: arrives as UTF-8, names included', async () => {
    await f.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const url = new URL(f.server.url);
    url.pathname = '/latin';
    const { default: pg } = await import('pg');
    const client = new pg.Client(url.href);
    await client.connect();
    await client.query(
      `CREATE TABLE "größe" (id int PRIMARY KEY, "naïve" text); INSERT INTO "größe" VALUES (1, 'Ångström')`,
    );
    await catchUp({ ...f.setup(), source: url.href });
    await client.query(`INSERT INTO "größe" VALUES (2, 'déjà vu')`);
    await client.end();
    await catchUp({ ...f.setup(), source: url.href });
    expect(f.memory.rows('public.größe')).toEqual([
      ['1', 'Ångström'],
      ['2', 'déjà vu'],
    ]);
  });
});
