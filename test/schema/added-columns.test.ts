import { expect, it } from 'vitest';
import { DEFAULT_SCHEMA_RULES } from '../../src/model/schema-rules.ts';
import { describeEngines } from '../support/schema-fixture.ts';

describeEngines('added columns', (f) => {
  const create = () => f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, 'b')");

  it('show their default in the rows from before, also when they are renamed at once', async () => {
    await create();
    await f.sync();
    await f.sql("ALTER TABLE t ADD n int DEFAULT 42; ALTER TABLE t RENAME n TO m; INSERT INTO t VALUES (3, 'c', 7)");
    await f.sync();
    await f.expectSame('t');
  });

  it('that are filled by updates and get a default and NOT NULL afterwards are followed', async () => {
    await create();
    await f.sync();
    await f.sql(`ALTER TABLE t ADD n int; UPDATE t SET n = id * 10; ALTER TABLE t ALTER n SET DEFAULT 5; ALTER TABLE t ALTER n SET NOT NULL;
      INSERT INTO t (id) VALUES (3)`);
    await f.sync();
    await f.expectSame('t');
  });

  it.each([
    ['a volatile default', 'n text NOT NULL DEFAULT gen_random_uuid()::text'],
    ['an identity', 'n int GENERATED ALWAYS AS IDENTITY'],
    ['a serial', 'n serial'],
    ['a constant that VACUUM FULL has written into the rows', 'n int DEFAULT 7; VACUUM FULL t'],
    ['a constant, and a type change that writes the rows again', 'n int DEFAULT 7; ALTER TABLE t ALTER n TYPE bigint'],
  ])('with %s have the table copied again instead of being NULL for ever', async (_, column) => {
    await create();
    await f.sync();
    await f.sql("INSERT INTO t VALUES (3, 'c')");
    for (const statement of `ALTER TABLE t ADD ${column}; INSERT INTO t (id) VALUES (4)`.split('; '))
      await f.sql(statement);
    const events = await f.sync();
    expect(events.filter(({ event }) => event === 'table.uncopied')).toMatchObject([
      {
        severity: 'warn',
        message: expect.stringContaining('column n was added to public.t'),
        data: { table: 'public.t' },
      },
    ]);
    await f.expectSame('t');
    await f.sql("UPDATE t SET v = 'later'; INSERT INTO t (id) VALUES (5)");
    expect((await f.sync()).filter(({ event }) => event.startsWith('copy.'))).toEqual([]);
    await f.expectSame('t');
  });

  const volatile = 'ALTER TABLE t ADD n text DEFAULT gen_random_uuid()::text';

  it('are copied again through crashes, also where rows of the transaction and renames are on their way', async () => {
    await create();
    await f.sync();
    await f.sql(
      `BEGIN; INSERT INTO t VALUES (3, 'c'); ${volatile}; ALTER TABLE t RENAME v TO w; UPDATE t SET w = 'x' WHERE id = 1; ALTER TABLE t RENAME TO u; INSERT INTO u (id) VALUES (4); COMMIT`,
    );
    expect(await f.syncThroughCrashes({ pipeline: { limits: { rows: 1, bytes: 1 } } })).toBeGreaterThan(3);
    await f.expectSame('u');
    expect(await f.columns('t')).toEqual([]);
    await f.sql("UPDATE u SET w = 'y'; DELETE FROM u WHERE id = 2");
    await f.sync();
    await f.expectSame('u');
  });

  it('leave other tables and the rows of now alone while the table is copied again in a running pipeline', async () => {
    await create();
    await f.sql('CREATE TABLE other (id int PRIMARY KEY); INSERT INTO other VALUES (1)');
    const run = await f.start();
    await f.sql(`${volatile}; INSERT INTO t (id) VALUES (3); INSERT INTO other VALUES (2)`);
    await run.saw('copy.finished', 3);
    await f.sql("DELETE FROM t WHERE id = 1; UPDATE t SET n = 'now' WHERE id = 2; INSERT INTO other VALUES (3)");
    await run.stop();
    await f.sync();
    await f.expectSame('t');
    await f.expectSame('other');
  });

  it.each([
    ['where no row is there', 'DELETE FROM t', "INSERT INTO t (id) VALUES (3), (4); UPDATE t SET v = 'c'"],
    ['where no row has a value any more', 'SELECT', "UPDATE t SET n = NULL; INSERT INTO t VALUES (3, 'c', NULL)"],
  ])('are not copied again %s', async (_, before, after) => {
    await create();
    await f.sql(before);
    await f.sync();
    await f.sql(`${volatile}; ${after}`);
    const events = await f.sync();
    expect(events.filter(({ event }) => event === 'table.altered')).toHaveLength(1);
    expect(events.filter(({ event }) => event === 'table.uncopied' || event.startsWith('copy.'))).toEqual([]);
    await f.expectSame('t');
  });

  it('are copied again where the rows from before come with the same batch, to a table without rows', async () => {
    await create();
    await f.sync();
    await f.sql(`TRUNCATE t; INSERT INTO t VALUES (3, 'c'); ${volatile}; INSERT INTO t (id) VALUES (4)`);
    const events = await f.sync();
    expect(events.filter(({ event }) => event === 'table.uncopied')).toHaveLength(1);
    await f.expectSame('t');
  });

  it('stop with schemaChanges stop, and are not written with ignore', async () => {
    await create();
    await f.sync();
    await f.sql(`${volatile}; INSERT INTO t (id) VALUES (3)`);
    const refused = { code: 'SCHEMA_CHANGED', hint: expect.stringContaining('Copy the table again') };
    await expect(f.sync({}, { schema: { ...DEFAULT_SCHEMA_RULES, changes: 'stop' } })).rejects.toMatchObject(refused);
    await f.sync({}, { schema: { ...DEFAULT_SCHEMA_RULES, changes: 'ignore' } });
    expect(await f.columns('t')).toEqual(['id', 'v']);
    expect(await f.there('SELECT id FROM t ORDER BY id')).toEqual([['1'], ['2'], ['3']]);
  });

  it('stop where tables are never copied', async () => {
    const never = { pipeline: { snapshot: 'never' } } as const;
    await create();
    await f.sync(never);
    await f.sql("INSERT INTO t VALUES (3, 'c')");
    await f.sync(never);
    await f.sql(`${volatile}; INSERT INTO t (id) VALUES (4)`);
    await expect(f.sync(never)).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
      message: expect.stringContaining('NULL'),
    });
  });

  it('with NULL for a default are followed, also where the table has other files since', async () => {
    await create();
    await f.sync();
    await f.sql('TRUNCATE t; ALTER TABLE t ADD n varchar(5) DEFAULT NULL; INSERT INTO t (id) VALUES (4)');
    await f.sync();
    await f.expectSame('t');
  });

  it('are followed without an initial copy too, and after a restart', async () => {
    await create();
    const never = { pipeline: { snapshot: 'never' } } as const;
    await f.sync(never);
    await f.sql("INSERT INTO t VALUES (3, 'c')");
    await f.sync(never);
    await f.sql("ALTER TABLE t ADD n int DEFAULT 4; ALTER TABLE t RENAME v TO w; INSERT INTO t VALUES (4, 'd', 5)");
    await f.sync(never);
    expect(await f.there('SELECT id, w, n FROM t ORDER BY id')).toEqual([
      ['3', 'c', '4'],
      ['4', 'd', '5'],
    ]);
  });
});

describeEngines('keys that change', (f) => {
  it('are followed by a unique index where the rows allow it', async () => {
    await f.sql(
      'CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int); INSERT INTO t VALUES (1, 10, 1), (2, 20, 2)',
    );
    await f.sync();
    await f.sql(
      'BEGIN; UPDATE t SET b = 3 WHERE id = 1; ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (a); UPDATE t SET b = 4 WHERE a = 20; COMMIT',
    );
    await f.sql('INSERT INTO t VALUES (3, 30, 5); DELETE FROM t WHERE a = 10');
    await f.sync();
    await f.expectSame('t');
  });

  it('stop the pipeline before a row is lost where the destination cannot follow', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text NOT NULL); INSERT INTO t VALUES (1, 'a')");
    await f.sync();
    await f.place.exec("INSERT INTO t VALUES (9, 'a')");
    await f.sql('ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (v); UPDATE t SET id = 5');
    await expect(f.sync()).rejects.toMatchObject({ code: 'SCHEMA_CHANGED' });
  });

  it('leave the destination alone where only the replica identity changes', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await f.sync();
    await f.sql(
      "ALTER TABLE t REPLICA IDENTITY FULL; UPDATE t SET v = 'b'; ALTER TABLE t REPLICA IDENTITY DEFAULT; UPDATE t SET id = 2",
    );
    const events = await f.sync();
    expect(events.filter(({ event }) => /^(table|column)\./.test(event))).toEqual([]);
    await f.expectSame('t');
  });

  it('gain an order when the table had none', async () => {
    await f.sql("CREATE TABLE t (id int, v text); ALTER TABLE t REPLICA IDENTITY FULL; INSERT INTO t VALUES (1, 'a')");
    await f.sync();
    await f.sql("ALTER TABLE t ADD PRIMARY KEY (id); UPDATE t SET v = 'b'; INSERT INTO t VALUES (2, 'c')");
    await f.sync();
    await f.expectSame('t');
  });
});
