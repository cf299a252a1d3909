import { expect, it } from 'vitest';
import { onlyTables } from '../../src/transform/filter.ts';
import { mapSchemas } from '../../src/transform/route.ts';
import { describeEngines } from '../support/schema-fixture.ts';
import { until } from '../support/wait.ts';

describeEngines('renamed tables', (f) => {
  const create = () => f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");

  it('are renamed at the destination too, while rows come and go', async () => {
    await create();
    const run = await f.start();
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await f.sql(
      "BEGIN; INSERT INTO t VALUES (3, 'c'); ALTER TABLE t RENAME TO u; UPDATE u SET v = 'x' WHERE id < 3; COMMIT",
    );
    await run.saw('table.renamed');
    await f.sql("INSERT INTO u VALUES (4, 'd')");
    await until(async () => (await f.there('SELECT 1 FROM u WHERE id = 4')).length);
    // the status is a picture that is taken a few times a second
    await until(() => run.status()?.tables[0]?.lastChange?.sql.includes('RENAME TO'));
    expect(run.status()?.tables.map(({ name }) => name)).toEqual(['public.u']);
    await run.stop();
    await f.expectSame('u');
    expect(await f.columns('t')).toEqual([]);
  });

  it('are recognised when they were renamed while nobody looked, and stay chosen under the configured name', async () => {
    await create();
    const chosen = { pipeline: { transform: onlyTables(['public.t']) } };
    await f.sync(chosen);
    await f.sql(
      "ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (2, 'b'); ALTER TABLE u RENAME v TO w; INSERT INTO u VALUES (3, 'c')",
    );
    expect((await f.sync(chosen)).filter(({ event }) => event === 'table.unlisted')).toHaveLength(1);
    await f.expectSame('u');
    await f.sql("INSERT INTO u VALUES (4, 'd')");
    expect((await f.sync(chosen)).filter(({ event }) => event === 'table.unlisted')).toHaveLength(1);
    await f.expectSame('u');
    expect(await f.columns('u')).toEqual(['id', 'w']);
  });

  it('move with their schema', async () => {
    await create();
    const schema = f.place.schema('sales');
    const mapped = {
      pipeline: {
        route: mapSchemas(new Map([['sales', schema]])),
        transform: mapSchemas(new Map([['sales', schema]])),
      },
    };
    await f.sync(mapped);
    await f.sql("CREATE SCHEMA sales; ALTER TABLE t SET SCHEMA sales; INSERT INTO sales.t VALUES (2, 'b')");
    await f.sync(mapped);
    const place = f.place.table({ target: { schema, name: 't' } });
    expect(await f.there(`SELECT id, v FROM ${place} ORDER BY id`)).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    await f.sql("ALTER TABLE sales.t SET SCHEMA public; INSERT INTO t VALUES (3, 'c')");
    await f.sync(mapped);
    await f.expectSame('t');
  });

  it('may swap their names', async () => {
    await create();
    await f.sql('CREATE TABLE u (id int PRIMARY KEY, n int); INSERT INTO u VALUES (1, 10)');
    await f.sync();
    await f.sql('BEGIN; ALTER TABLE t RENAME TO x; ALTER TABLE u RENAME TO t; ALTER TABLE x RENAME TO u; COMMIT');
    await f.sql("INSERT INTO u VALUES (2, 'b')");
    await f.sync();
    await f.sql('INSERT INTO t VALUES (2, 20)');
    await f.sync();
    await f.sql("INSERT INTO u VALUES (3, 'c'); INSERT INTO t VALUES (3, 30)");
    await f.sync();
    await f.expectSame('t');
    await f.expectSame('u');
  });

  it('stay where they are when a name gets free that they had only waited for', async () => {
    await create();
    await f.sql('CREATE TABLE u (id int PRIMARY KEY, v text)');
    const run = await f.start();
    const add = async (table: string, id: number, there: string) => {
      await f.sql(`INSERT INTO ${table} VALUES (${id}, 'b')`);
      await until(async () => (await f.there(`SELECT 1 FROM ${there} WHERE id = ${id}`)).length);
    };
    await f.sql('ALTER TABLE t RENAME TO x; ALTER TABLE u RENAME TO t');
    await add('t', 10, 'u');
    await run.saw('table.waiting');
    await f.sql('ALTER TABLE t RENAME TO y');
    await f.sql("INSERT INTO y VALUES (20, 'b')");
    await run.saw('table.renamed');
    await f.sql("INSERT INTO x VALUES (30, 'b')");
    await run.saw('table.renamed', 2);
    await add('y', 40, 'y');
    await run.stop();
    await f.expectSame('x');
    await f.expectSame('y');
    expect(await f.columns('t')).toEqual([]);
  });

  it('leave their name to a new table, which is copied beside them', async () => {
    await create();
    const run = await f.start();
    await f.sql(
      'ALTER TABLE t RENAME TO t_old; CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 5), (2, 6)',
    );
    await f.sql("INSERT INTO t_old VALUES (2, 'b'); INSERT INTO t VALUES (3, 7)");
    await until(async () => (await f.there('SELECT 1 FROM t WHERE id = 3').catch(() => [])).length);
    await f.sql("INSERT INTO t_old VALUES (3, 'c')");
    await until(async () => (await f.there('SELECT 1 FROM t_old WHERE id = 3').catch(() => [])).length);
    await run.stop();
    await f.expectSame('t');
    await f.expectSame('t_old');
  });

  it('make room for a new table one after the other, also where no row has told of some of the names', async () => {
    await create();
    await f.sql('CREATE TABLE u (id int PRIMARY KEY, n int); INSERT INTO u VALUES (1, 10)');
    await f.sync();
    await f.sql("ALTER TABLE u RENAME TO w; ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (2, 'b')");
    await f.sync();
    await f.sql('CREATE TABLE t (id int PRIMARY KEY, x text); INSERT INTO t VALUES (5)');
    await f.syncThroughCrashes();
    for (const table of ['t', 'u', 'w']) await f.expectSame(table);
  });

  it('keep their name at the destination where a table of its own has the new one', async () => {
    await create();
    await f.sync();
    await f.place.exec('CREATE TABLE u (x INTEGER)');
    await f.sql("ALTER TABLE t RENAME TO u; INSERT INTO u VALUES (2, 'b')");
    await expect(f.sync()).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
      hint: expect.stringContaining('RENAME TO'),
    });
    await f.place.exec('DROP TABLE u');
    await f.sql("INSERT INTO u VALUES (3, 'c')");
    await f.sync();
    await f.expectSame('u');
  });

  it('survive a crash at every statement, a swap and a new column included', async () => {
    await create();
    await f.sql('CREATE TABLE u (id int PRIMARY KEY, n int)');
    await f.sync();
    await f.sql(`BEGIN; INSERT INTO t VALUES (2, 'b'); ALTER TABLE t RENAME TO x; ALTER TABLE u RENAME TO t; ALTER TABLE x RENAME TO u;
      ALTER TABLE u ADD n int DEFAULT 4; INSERT INTO u VALUES (3, 'c', 3); INSERT INTO t VALUES (1, 1); COMMIT`);
    await f.syncThroughCrashes();
    await f.sql("INSERT INTO u VALUES (4, 'd', 4); INSERT INTO t VALUES (2, 2)");
    await f.syncThroughCrashes();
    await f.sql("INSERT INTO u VALUES (5, 'e', 5); INSERT INTO t VALUES (3, 3)");
    await f.sync();
    await f.expectSame('t');
    await f.expectSame('u');
  });
});

describeEngines('tables that are dropped and created again', (f) => {
  const recreate = 'DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (7, 8)';

  it('are copied again', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await f.sync();
    await f.sql(recreate);
    await f.sync();
    await f.expectSame('t');
    await f.sql('ALTER TABLE t RENAME n TO nn; INSERT INTO t VALUES (8, 9)');
    await f.sync();
    await f.expectSame('t');
  });

  it('stop the pipeline on request, and nothing of the old rows is lost', async () => {
    await f.sql("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a')");
    await f.sync();
    await f.sql(recreate);
    await expect(f.sync({ pipeline: { recreatedTables: 'stop' } })).rejects.toMatchObject({ code: 'SCHEMA_CHANGED' });
    expect(await f.there('SELECT id, v FROM t')).toEqual([['1', 'a']]);
  });
});
