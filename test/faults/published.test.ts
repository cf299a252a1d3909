import { describe, expect, it } from 'vitest';
import { catchUp, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

/** Which tables and changes a publication has, and what pg2any makes of one that is made or altered. */
describe('what is published', { timeout: 60_000 }, () => {
  const f = sourceFixture('published');
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

  /** As somebody made it who knows what it means for updates. */
  const published = () => f.sql(`CREATE PUBLICATION ${f.slot} FOR ALL TABLES`);

  it('32: makes no publication that would break updates at the source, and says what to run', async () => {
    await f.sql('DROP TABLE t; CREATE TABLE t (v text); CREATE TABLE n (id int PRIMARY KEY)');
    await f.sql('ALTER TABLE n REPLICA IDENTITY NOTHING');
    await expect(catchUp(f.setup())).rejects.toMatchObject({
      code: 'TABLE_UNSUITABLE',
      message: expect.stringContaining('public.n, public.t'),
      hint: expect.stringContaining('ALTER TABLE "public"."t" REPLICA IDENTITY FULL;'),
    });
    await f.sql("INSERT INTO t VALUES ('a'); UPDATE t SET v = 'b'");
    expect(await f.sql(`SELECT 1 FROM pg_publication WHERE pubname = '${f.slot}'`)).toEqual([]);
    expect(await f.sql(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${f.slot}'`)).toEqual([]);
    // What is left out does no harm.
    await f.sql('CREATE TABLE k (id int PRIMARY KEY)');
    await catchUp({ ...f.setup(), stream: { tables: ['public.k'] } });
    await f.sql("UPDATE t SET v = 'c'; DROP TABLE n, k");
  });

  it('32: replicates inserts of a table without a key, which is all that a publication of others has of it', async () => {
    await f.sql('DROP TABLE t; CREATE TABLE t (v text)');
    await published();
    await stream("INSERT INTO t VALUES ('a'), ('a')");
    expect(rows('public.t')).toEqual(['a', 'a']);
    await expect(f.sql("UPDATE t SET v = 'b'")).rejects.toMatchObject({ code: '55000' });
  });

  it('33: treats a deferrable primary key as no key', async () => {
    await f.sql('DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)');
    await published();
    await stream('INSERT INTO t VALUES (1)');
    expect(f.memory.prepared.at(-1)).toMatchObject({ identity: 'none', key: [] });
  });

  it('46: tells of a table that leaves the publication, and copies it anew when it comes back', async () => {
    await f.sql('CREATE TABLE stays (id int PRIMARY KEY); INSERT INTO t VALUES (1, $$a$$), (2, $$b$$)');
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t, stays`);
    const run = startPipeline({ ...f.setup(), pipeline: { publicationMs: 50 } });
    try {
      await run.saw('streaming');
      await f.sql(`ALTER PUBLICATION ${f.slot} DROP TABLE t`);
      await run.saw('table.unpublished');
      await until(() => run.status()?.tables.find(({ name }) => name === 'public.t')?.state === 'unpublished');
      await f.sql("UPDATE t SET v = 'unseen' WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO stays VALUES (1)");
      await until(() => rows('public.stays').length === 1, { what: 'the row of the other table' });
      expect(rows('public.t')).toEqual(['1|a', '2|b']);
      await f.sql(`ALTER PUBLICATION ${f.slot} ADD TABLE t`);
      await until(() => rows('public.t').join() === '1|unseen', { what: 'the rows of now' });
      await run.saw('streaming', 2);
      await f.sql("INSERT INTO t VALUES (3, 'c')");
      await until(() => rows('public.t').length === 2, { what: 'the stream of it' });
      expect(run.events.filter(({ event }) => event === 'table.unpublished')).toHaveLength(1);
      expect(run.events.filter(({ event }) => event === 'stream.restart')).toHaveLength(1);
    } finally {
      await run.stop();
      await f.sql('DROP TABLE stays');
    }
  });

  it('46: copies a table that joins the publication with rows from before, although nothing changes in it', async () => {
    await f.sql('CREATE TABLE late (id int PRIMARY KEY); INSERT INTO late VALUES (1), (2)');
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    const run = startPipeline({ ...f.setup(), pipeline: { publicationMs: 50 } });
    try {
      await run.saw('streaming');
      await f.sql(`ALTER PUBLICATION ${f.slot} ADD TABLE late`);
      await until(() => rows('public.late').join() === '1,2', { what: 'its rows' });
    } finally {
      await run.stop();
      await f.sql('DROP TABLE late');
    }
  });

  it.each(['none', 'any'] as const)('75: with origin %s', async (origin) => {
    const setup = { ...f.setup(), stream: { origin } };
    await catchUp(setup);
    await f.sql("SELECT pg_replication_origin_create('elsewhere')");
    await f.sql("SELECT pg_replication_origin_session_setup('elsewhere')");
    await f.sql("INSERT INTO t VALUES (1, 'from elsewhere')");
    await f.sql("SELECT pg_replication_origin_session_reset(), pg_replication_origin_drop('elsewhere')");
    await f.sql("INSERT INTO t VALUES (2, 'written here')");
    await catchUp(setup);
    expect(rows('public.t')).toEqual([...(origin === 'any' ? ['1|from elsewhere'] : []), '2|written here']);
  });
});
