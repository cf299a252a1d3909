import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { lsn, parseLsn } from '../../src/model/lsn.ts';
import { MemoryServer } from '../support/memory-destination.ts';
import { catchUp, type Setup, startPipeline } from '../support/pipeline.ts';
import { until } from '../support/wait.ts';

/** Where a stream starts, what is confirmed, and what is refused. Numbers are those of docs/guarantees.md. */
describe('positions', { timeout: 60_000 }, () => {
  let server: EmbeddedPostgres;
  let client: pg.Client;
  let memory: MemoryServer;
  let slot: string;
  let count = 0;
  const sql = async (text: string) => (await client.query(text)).rows;
  const setup = (more: Partial<Setup> = {}): Setup => ({
    source: server.url,
    open: () => memory.open(),
    slot,
    ...more,
  });
  const confirmed = async () =>
    parseLsn(
      (await sql(`SELECT confirmed_flush_lsn::text AS l FROM pg_replication_slots WHERE slot_name = '${slot}'`))[0].l,
    );

  beforeAll(async () => {
    server = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
    client = new pg.Client(server.url);
    client.on('error', () => undefined);
    await client.connect();
  }, 120_000);
  afterAll(async () => {
    await client.end();
    await server.stop('immediate');
  });
  beforeEach(async () => {
    count += 1;
    slot = `position_${count}`;
    memory = new MemoryServer();
    await sql('DROP TABLE IF EXISTS t; CREATE TABLE t (id int PRIMARY KEY, v text)');
  });

  it('2: repeats nothing when killed between the commit at the destination and the confirmation', async () => {
    const first = startPipeline(setup());
    await first.saw('streaming');
    memory.fault = (point) => {
      if (point === 'committed') throw new Error('killed after the commit');
    };
    await sql("INSERT INTO t VALUES (1, 'a')");
    await expect(first.done).rejects.toThrow('killed after the commit');
    expect(await confirmed()).toBeLessThan(memory.checkpoint?.flushed ?? 0n);
    memory.fault = () => undefined;
    await sql("INSERT INTO t VALUES (2, 'b')");
    await catchUp(setup());
    expect(memory.applied.map((change) => (change.kind === 'insert' ? change.after[0] : change.kind))).toEqual([
      '1',
      '2',
    ]);
  });

  it('3: delivers the second of two adjacent commits after a stop between them', async () => {
    await catchUp(setup());
    const other = new pg.Client(server.url);
    await other.connect();
    await sql("BEGIN; INSERT INTO t VALUES (1, 'a')");
    await other.query("BEGIN; INSERT INTO t VALUES (2, 'b')");
    await sql('COMMIT');
    await catchUp(setup());
    const between = parseLsn((await sql('SELECT pg_current_wal_insert_lsn()::text AS l'))[0].l);
    await other.query('COMMIT');
    await other.end();
    expect(memory.checkpoint?.flushed, 'no WAL between the two commit records').toBe(between);
    await catchUp(setup());
    expect(memory.rows('public.t').map((row) => row[0])).toEqual(['1', '2']);
    expect(memory.applied).toHaveLength(2);
  });

  it('9: refuses to stream on from a destination that was restored from an older backup', async () => {
    await catchUp(setup());
    const backup = memory.checkpoint?.flushed ?? lsn(0n);
    await sql("INSERT INTO t VALUES (1, 'a')");
    await catchUp(setup());
    if (memory.checkpoint) memory.checkpoint.flushed = backup;
    await sql("INSERT INTO t VALUES (2, 'b')");
    await expect(catchUp(setup())).rejects.toMatchObject({ code: 'SLOT_AHEAD', exitCode: 6 });
    expect(memory.applied).toHaveLength(1);
  });

  it('12: refuses a source that was restored to an earlier point', async () => {
    await catchUp(setup());
    if (memory.checkpoint) memory.checkpoint.flushed = parseLsn('7F/0');
    await expect(catchUp(setup())).rejects.toMatchObject({ code: 'SOURCE_BEHIND' });
  });

  it('refuses another cluster under the same slot name', async () => {
    await catchUp(setup());
    if (memory.checkpoint) memory.checkpoint.systemId = '1';
    await expect(catchUp(setup())).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('50: never replaces a dropped slot when there is a checkpoint', async () => {
    await catchUp(setup());
    await sql(`SELECT pg_drop_replication_slot('${slot}')`);
    await expect(catchUp(setup())).rejects.toMatchObject({ code: 'SLOT_MISSING', exitCode: 6 });
    expect(await sql(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${slot}'`)).toEqual([]);
  });

  it('adopts a slot without a checkpoint and copies from a fresh snapshot', async () => {
    await sql(`CREATE PUBLICATION ${slot} FOR TABLE t`);
    await sql(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
    await sql("INSERT INTO t VALUES (1, 'a')");
    await catchUp(setup());
    expect(memory.rows('public.t')).toEqual([['1', 'a']]);
    expect(memory.applied).toEqual([]);
  });

  it('72: confirms unpublished traffic, so that an idle table pins no WAL', async () => {
    await sql(`CREATE TABLE IF NOT EXISTS other (id int PRIMARY KEY); CREATE PUBLICATION ${slot} FOR TABLE t`);
    const running = startPipeline(setup());
    await running.saw('streaming');
    await sql("INSERT INTO other SELECT generate_series(1, 20000); INSERT INTO t VALUES (1, 'a')");
    await sql('INSERT INTO other SELECT generate_series(20001, 40000)');
    const busyUntil = parseLsn((await sql('SELECT pg_current_wal_lsn()::text AS l'))[0].l);
    await until(async () => (await confirmed()) >= busyUntil, { what: 'the unpublished WAL to be confirmed' });
    expect(memory.checkpoint?.flushed).toBeGreaterThanOrEqual(await confirmed());
    await running.stop();
  });

  it('never confirms more than the destination holds, at any time', async () => {
    const running = startPipeline(setup());
    await running.saw('streaming');
    for (let round = 0; round < 20; round += 1) {
      await sql(`INSERT INTO t SELECT i, 'x' FROM generate_series(${round * 100}, ${round * 100 + 99}) i`);
      expect(await confirmed()).toBeLessThanOrEqual(memory.checkpoint?.flushed ?? 0n);
    }
    await running.stop();
    expect(await confirmed()).toBe(memory.checkpoint?.flushed);
  });

  it('53: a second instance waits for the slot and leaves the first one alone', async () => {
    const first = startPipeline(setup());
    await first.saw('streaming');
    const second = startPipeline(setup());
    await second.saw('retry');
    await until(() => (second.status()?.retries ?? 0) >= 2, { what: 'the second instance to look again' });
    await sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => memory.rows('public.t').length === 1, { what: 'the first instance to go on' });
    await first.stop();
    await second.saw('streaming');
    await sql("INSERT INTO t VALUES (2, 'b')");
    await until(() => memory.rows('public.t').length === 2, { what: 'the second instance to take over' });
    await second.stop();
    expect(memory.applied).toHaveLength(2);
  });

  it('54: an instance that was taken over writes nothing more and stops', async () => {
    const zombie = startPipeline(setup());
    await zombie.saw('streaming');
    // The fence rises as a takeover raises it; the zombie still holds its stream.
    if (memory.checkpoint) memory.checkpoint.fence += 1;
    await sql("INSERT INTO t VALUES (1, 'a')");
    await expect(zombie.done).rejects.toMatchObject({ code: 'FENCED' });
    expect(memory.applied).toEqual([]);
    expect(await confirmed()).toBeLessThanOrEqual(memory.checkpoint?.flushed ?? 0n);
  });

  it('10: lets a fast restart of the source finish quickly and goes on afterwards', async () => {
    const running = startPipeline(setup());
    await running.saw('streaming');
    await sql("INSERT INTO t VALUES (1, 'a')");
    await server.restart('fast');
    client = new pg.Client(server.url);
    client.on('error', () => undefined);
    await client.connect();
    await running.saw('streaming', 2);
    await sql("INSERT INTO t VALUES (2, 'b')");
    await until(() => memory.rows('public.t').length === 2, { what: 'both rows' });
    await running.stop();
    expect(memory.applied).toHaveLength(2);
  });

  it('11: repeats nothing after a crash of the source, whose slot position went back', async () => {
    const running = startPipeline(setup());
    await running.saw('streaming');
    for (let id = 0; id < 5; id += 1) await sql(`INSERT INTO t VALUES (${id}, 'a')`);
    await until(() => memory.applied.length === 5, { what: 'five rows' });
    await server.kill();
    await server.start();
    client = new pg.Client(server.url);
    client.on('error', () => undefined);
    await client.connect();
    await running.saw('streaming', 2);
    await sql("INSERT INTO t VALUES (9, 'b')");
    await until(() => memory.applied.length >= 6, { what: 'the sixth row' });
    await running.stop();
    expect(memory.applied).toHaveLength(6);
  });
});
