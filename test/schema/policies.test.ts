import { expect, it } from 'vitest';
import { DEFAULT_SCHEMA_RULES } from '../../src/model/schema-rules.ts';
import { relation } from '../support/relations.ts';
import { describeEngines } from '../support/schema-fixture.ts';

describeEngines('dropped columns', (f) => {
  const create = () => f.sql("CREATE TABLE t (id int PRIMARY KEY, v text, n int); INSERT INTO t VALUES (1, 'a', 1)");
  const drop = { schema: { ...DEFAULT_SCHEMA_RULES, droppedColumns: 'drop' } } as const;

  it('are kept and no longer written', async () => {
    await create();
    await f.sync();
    await f.sql(
      "BEGIN; INSERT INTO t VALUES (2, 'b', 2); ALTER TABLE t DROP v; INSERT INTO t VALUES (3, 3); COMMIT; UPDATE t SET n = 9",
    );
    await f.sync();
    expect(await f.there('SELECT id, v, n FROM t ORDER BY id')).toEqual([
      ['1', 'a', '9'],
      ['2', 'b', '9'],
      ['3', null, '9'],
    ]);
  });

  it('are dropped on request, after the last row that had them', async () => {
    await create();
    await f.sync({}, drop);
    await f.sql("BEGIN; INSERT INTO t VALUES (2, 'b', 2); ALTER TABLE t DROP v; INSERT INTO t VALUES (3, 3); COMMIT");
    const events = await f.sync({}, drop);
    expect(events.map(({ event }) => event)).toContain('column.dropped');
    expect(await f.columns('t')).toEqual(['id', 'n']);
    await f.expectSame('t');
  });

  it.each([['keep'], ['drop']] as const)(
    'leave their name to a new column of another type (%s)',
    async (droppedColumns) => {
      const options = { schema: { ...DEFAULT_SCHEMA_RULES, droppedColumns } };
      await create();
      await f.sync({}, options);
      await f.sql('ALTER TABLE t DROP v; ALTER TABLE t ADD v int DEFAULT 7; INSERT INTO t VALUES (2, 2, 8)');
      await f.sync({}, options);
      await f.expectSame('t');
      expect(await f.columns('t')).toHaveLength(droppedColumns === 'keep' ? 4 : 3);
      await f.sql('ALTER TABLE t DROP v; ALTER TABLE t ADD v text; UPDATE t SET n = n + 1');
      await f.sync({}, options);
      await f.expectSame('t');
    },
  );

  it('stop the pipeline where the same name and type came again: old values or none, nobody can tell', async () => {
    await create();
    await f.sync();
    await f.sql("ALTER TABLE t DROP n; ALTER TABLE t ADD n int; INSERT INTO t VALUES (2, 'b', 2)");
    await expect(f.sync()).rejects.toMatchObject({ code: 'SCHEMA_CHANGED', exitCode: 7 });
  });

  it('are dropped once, whenever the process dies', async () => {
    await create();
    await f.sync();
    await f.sql(
      "BEGIN; INSERT INTO t VALUES (2, 'b', 2); ALTER TABLE t DROP v; INSERT INTO t VALUES (3, 3); ALTER TABLE t ADD v int; UPDATE t SET v = 4; COMMIT",
    );
    await f.syncThroughCrashes({}, drop);
    await f.sql('UPDATE t SET n = 5');
    await f.sync({}, drop);
    await f.expectSame('t');
    expect((await f.columns('t')).sort()).toEqual(['id', 'n', 'v']);
  });
});

describeEngines('with schemaChanges: stop', (f) => {
  const stop = { schema: { ...DEFAULT_SCHEMA_RULES, changes: 'stop' } } as const;

  it.each([
    ['an added column', 'ALTER TABLE t ADD n int DEFAULT 5', /ADD COLUMN/],
    ['a renamed column', 'ALTER TABLE t RENAME v TO w', /RENAME COLUMN/],
  ] as const)('%s stops the pipeline with its SQL, and once that was run it goes on', async (_, change, sql) => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await f.sync({}, stop);
    await f.sql(`${change}; INSERT INTO t VALUES (2, 'b')`);
    const error = await f.sync({}, stop).catch((one) => one);
    expect(error).toMatchObject({ code: 'SCHEMA_CHANGED', hint: expect.stringMatching(sql) });
    await f.place.exec(/Run: (.*?);/.exec(error.hint)?.[1] ?? '');
    await f.sync({}, stop);
    await f.expectSame('t');
  });

  it('a renamed table stops the pipeline with its SQL, and once that was run it goes on', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await f.sync({}, stop);
    await f.sql("ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (2, 'b')");
    const error = await f.sync({}, stop).catch((one) => one);
    expect(error).toMatchObject({ code: 'SCHEMA_CHANGED', hint: expect.stringMatching(/RENAME TO/) });
    await f.place.exec(/Run: (.*?);/.exec(error.hint)?.[1] ?? '');
    await f.sync({}, stop);
    await f.expectSame('u');
  });

  it('a change that needs nothing at the destination goes on', async () => {
    await f.sql('CREATE TABLE t (id int PRIMARY KEY, v text, n int)');
    await f.sync({}, stop);
    await f.sql('ALTER TABLE t DROP v; ALTER TABLE t REPLICA IDENTITY FULL; INSERT INTO t VALUES (1, 2)');
    await f.sync({}, stop);
    await f.expectSame('t');
  });
});

describeEngines('with schemaChanges: ignore', (f) => {
  const ignore = { schema: { ...DEFAULT_SCHEMA_RULES, changes: 'ignore' } } as const;

  it('new columns are never written, and renamed ones keep their name', async () => {
    await f.sql(
      'CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE k (v text); ALTER TABLE k REPLICA IDENTITY FULL',
    );
    await f.sql("INSERT INTO t VALUES (1, 'a'); INSERT INTO k VALUES ('a'), ('a')");
    await f.sync({}, ignore);
    await f.sql(
      "ALTER TABLE t ADD n int DEFAULT 5; ALTER TABLE t RENAME v TO w; INSERT INTO t VALUES (2, 'b', 6); UPDATE t SET w = 'A' WHERE id = 1",
    );
    await f.sql(
      "ALTER TABLE k ADD n int; UPDATE k SET n = 1 WHERE ctid = '(0,1)'; DELETE FROM k WHERE n = 1; INSERT INTO k VALUES ('b', 1)",
    );
    const events = await f.sync({}, ignore);
    expect(events.filter(({ event }) => event.startsWith('column.') || event === 'table.altered')).toEqual([]);
    expect(await f.columns('t')).toEqual(['id', 'v']);
    expect(await f.there('SELECT id, v FROM t ORDER BY id')).toEqual([
      ['1', 'A'],
      ['2', 'b'],
    ]);
    expect(await f.there('SELECT v FROM k ORDER BY v')).toEqual([['a'], ['b']]);
    await f.sql("INSERT INTO t VALUES (3, 'c', 7)");
    await f.sync();
    expect(await f.columns('t')).toEqual(['id', 'w']);
    expect(await f.there('SELECT id, w FROM t WHERE id = 3')).toEqual([['3', 'c']]);
  });

  it('tables are read back as they are there, under their names from before', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await f.sync({}, ignore);
    await f.sql(
      "ALTER TABLE t ADD n int; ALTER TABLE t RENAME v TO w; ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (2, 'b', 3)",
    );
    await f.sync({}, ignore);
    const oid = Number((await f.sql("SELECT 'u'::regclass::oid"))[0]?.[0]);
    const now = { ...relation('u', ['id int4', 'w text', 'n int4'], ['id']), oid };
    const setup = f.setup();
    const destination = await setup.open();
    try {
      const systemId = (await f.sql('SELECT system_identifier FROM pg_control_system()'))[0]?.[0] ?? '';
      await destination.connect();
      await destination.peek({ slot: setup.slot ?? '', systemId });
      const reader = destination.reader(now);
      expect(await reader.find(['2'])).toEqual(['2', 'b', null]);
      expect(reader.expect(['2', 'b', '3'])).toEqual(['2', 'b', null]);
    } finally {
      await destination.close();
    }
  });

  it('a type that the destination does not hold stops the pipeline all the same', async () => {
    await f.sql('CREATE TABLE t (id int PRIMARY KEY, v varchar(3))');
    await f.sync({}, ignore);
    await f.sql('ALTER TABLE t ALTER v TYPE numeric USING 0; INSERT INTO t VALUES (1, 2)');
    await expect(f.sync({}, ignore)).rejects.toMatchObject({ code: 'SCHEMA_CHANGED' });
  });
});
