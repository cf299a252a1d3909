import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PostgresVersion } from '../../src/demo/embedded-postgres.ts';
import { catchUp, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

describe.each<PostgresVersion>([13, 14, 15, 16, 17, 18])('PostgreSQL %i', { timeout: 60_000 }, (version) => {
  const f = sourceFixture(`v${version}`, { version });
  const rows = (name: string) => f.memory.rows(name).map((row) => row.join('|'));

  it('copies, streams every kind of change, and resumes without repeating one', async () => {
    await f.sql('DROP TABLE IF EXISTS part, wide; DROP DOMAIN IF EXISTS positive; DROP TYPE IF EXISTS mood CASCADE');
    await f.sql("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS int CHECK (VALUE > 0)");
    await f.sql(
      'CREATE TABLE wide (id positive PRIMARY KEY, m mood, ms mood[], n numeric, b bytea, j jsonb, big text)',
    );
    await f.sql('ALTER TABLE wide ALTER big SET STORAGE EXTERNAL; ALTER TABLE wide REPLICA IDENTITY FULL');
    await f.sql('CREATE TABLE part (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)');
    await f.sql('CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100)');
    await f.sql('CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (100) TO (200)');
    await f.sql("INSERT INTO t VALUES (1, 'copied'), (2, 'copied'); INSERT INTO part VALUES (1, 'copied')");
    await f.sql(`INSERT INTO wide VALUES (1, 'ok', '{sad,ok}', 1.50, '\\x00ff', '{"a": 1}', repeat('x', 5000))`);
    const first = startPipeline(f.setup());
    await first.saw('streaming');
    await f.sql("BEGIN; UPDATE t SET v = 'changed' WHERE id = 1; DELETE FROM t WHERE id = 2; COMMIT");
    await f.sql("UPDATE wide SET m = 'sad'; UPDATE part SET id = 150");
    await until(() => rows('public.part').join() === '150|copied', { what: 'the moved row' });
    await first.stop();
    const applied = f.memory.applied.length;
    await f.sql("UPDATE t SET id = 3; TRUNCATE part; INSERT INTO part VALUES (7, 'streamed')");
    await catchUp(f.setup());
    expect(f.memory.applied).toHaveLength(applied + 3);
    expect(rows('public.t')).toEqual(['3|changed']);
    expect(rows('public.part')).toEqual(['7|streamed']);
    expect(rows('public.wide')).toEqual([`1|sad|{sad,ok}|1.50|\\x00ff|{"a": 1}|${'x'.repeat(5000)}`]);
    await catchUp(f.setup());
    expect(f.memory.applied, 'nothing came twice').toHaveLength(applied + 3);
    expect(await f.confirmed()).toBe(f.memory.checkpoint?.flushed);
    await f.sql('DROP TABLE part, wide');
  });

  it('knows every column as the copy and the stream describe it', async () => {
    await f.sql('DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, v varchar(7), n numeric(5,2)[])');
    await catchUp(f.setup());
    const [copied] = f.memory.prepared;
    await f.sql("INSERT INTO t VALUES (1, 'a', '{1.5}')");
    await catchUp(f.setup());
    expect(f.memory.prepared.at(-1)).toEqual(copied);
    expect(copied?.columns.map((column) => column.type.display)).toEqual([
      'integer',
      'character varying(7)',
      'numeric(5,2)[]',
    ]);
  });

  it('76: goes on over a new timeline, and refuses what was received of the old one beyond its end', async () => {
    await catchUp(f.setup());
    const promoted = async () => {
      await f.server.pause();
      writeFileSync(join(f.server.dataDir, 'standby.signal'), '');
      await f.server.start();
      await f.reconnect();
      await f.sql('SELECT pg_promote()');
    };
    await promoted();
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await catchUp(f.setup());
    expect(rows('public.t')).toEqual(['1|a']);
    const { checkpoint } = f.memory;
    if (!checkpoint) throw new Error('nothing was remembered');
    expect(checkpoint.timeline).toBe(2);
    checkpoint.timeline = 1;
    await expect(catchUp(f.setup())).rejects.toMatchObject({ code: 'SOURCE_BEHIND' });
    checkpoint.timeline = 2;
    await promoted();
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await catchUp(f.setup());
    expect(rows('public.t')).toEqual(['1|a', '2|b']);
    expect(checkpoint.timeline).toBe(3);
    rmSync(join(f.server.dataDir, 'pg_wal', '00000003.history'));
    await catchUp(f.setup());
    checkpoint.timeline = 2;
    await expect(catchUp(f.setup()), 'nothing tells of its ancestors').rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
  });

  it('47, 48: stops for good when the publication is dropped, also after it was made again', async () => {
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => f.memory.applied.length === 1);
    await f.sql(`DROP PUBLICATION ${f.slot}`);
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await expect(running.done).rejects.toMatchObject({ code: 'PUBLICATION_MISSING', exitCode: 6 });
    expect(running.events.filter((event) => event.event === 'retry')).toEqual([]);
    await expect(catchUp(f.setup())).rejects.toMatchObject({ code: 'PUBLICATION_MISSING' });
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    await expect(catchUp(f.setup())).rejects.toMatchObject({ code: 'PUBLICATION_MISSING' });
    expect(f.memory.applied).toHaveLength(1);
    expect(await f.confirmed()).toBeLessThanOrEqual(f.memory.checkpoint?.flushed ?? 0n);
    const active = `SELECT active::text AS a FROM pg_replication_slots WHERE slot_name = '${f.slot}'`;
    await until(async () => (await f.sql(active))[0]?.a === 'false', { what: 'the server to let go of the slot' });
    await f.sql(`SELECT pg_drop_replication_slot('${f.slot}')`);
  });
});
