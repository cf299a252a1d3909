import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { MemoryServer } from '../support/memory-destination.ts';
import { catchUp, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

/** What the source's server does to us, and what we must not do to it. */
describe('the source server', { timeout: 90_000 }, () => {
  const f = sourceFixture('server');
  const activePid = async () =>
    Number((await f.sql(`SELECT active_pid FROM pg_replication_slots WHERE slot_name = '${f.slot}'`))[0]?.active_pid);

  it('15: comes back after pg_terminate_backend and repeats nothing', async () => {
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => f.memory.applied.length === 1);
    await f.sql(`SELECT pg_terminate_backend(${await activePid()})`);
    await running.saw('streaming', 2);
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await until(() => f.memory.applied.length === 2);
    await running.stop();
    expect(f.memory.applied).toHaveLength(2);
  });

  it('19: says that the event loop was blocked for longer than the server waits, and loses nothing', async () => {
    const running = startPipeline(f.setup({ stream: { senderTimeoutMs: 1500 } }));
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => f.memory.applied.length === 1);
    // Goes on where a socket is read: then timers are due before anything that arrived meanwhile is.
    await f.sql('SELECT 1');
    const blockedUntil = performance.now() + 3500;
    while (performance.now() < blockedUntil);
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await until(() => f.memory.applied.length === 2, { what: 'the row after the pause' });
    await running.stop();
    expect(f.memory.applied).toHaveLength(2);
    const told = running.events.filter(({ event, severity }) => event === 'process.stalled' && severity === 'warn');
    expect(Math.max(...told.map(({ data }) => Number(data?.ms)))).toBeGreaterThan(3000);
    const lost = running.events.filter(({ event }) => event === 'source.lost' || event === 'retry');
    for (const { message } of lost) expect(message).toMatch(/after this process could do nothing for \d/);
    expect(running.events.map(({ message }) => message).join()).not.toMatch(/network|the source sent nothing/);
  });

  it('48: treats a dropped publication as fatal before anything more is confirmed', async () => {
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => f.memory.applied.length === 1);
    await f.sql(`DROP PUBLICATION ${f.slot}`);
    const before = await f.confirmed();
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await expect(running.done).rejects.toMatchObject({ code: 'PUBLICATION_MISSING', exitCode: 6 });
    expect(f.memory.applied).toHaveLength(1);
    expect(await f.confirmed()).toBeLessThanOrEqual((f.memory.checkpoint?.flushed ?? before) as bigint);
    await expect(catchUp(f.setup())).rejects.toMatchObject({ code: 'PUBLICATION_MISSING' });
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    await expect(catchUp(f.setup()), 'a publication made later does not help').rejects.toMatchObject({
      code: 'PUBLICATION_MISSING',
    });
  });

  it('49: works with a publication name of mixed case, commas and quotes', async () => {
    const publication = 'My "Pub", comma\'s';
    await catchUp(f.setup({ stream: { publication } }));
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await catchUp(f.setup({ stream: { publication } }));
    expect(f.memory.rows('public.t')).toEqual([['1', 'a']]);
    expect(f.memory.applied).toHaveLength(1);
  });

  it('51: names a slot that the server invalidated as lost', async () => {
    await catchUp(f.setup());
    await f.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
    await f.sql('SELECT pg_reload_conf()');
    for (let round = 0; round < 4; round += 1) {
      await f.sql(
        `CREATE TABLE IF NOT EXISTS noise (v text); INSERT INTO noise SELECT repeat('x', 1000) FROM generate_series(1, 20000)`,
      );
      await f.sql('SELECT pg_switch_wal()');
      await f.sql('CHECKPOINT');
    }
    await f.sql('DROP TABLE noise');
    await f.sql('ALTER SYSTEM RESET max_slot_wal_keep_size');
    await f.sql('SELECT pg_reload_conf()');
    await expect(catchUp(f.setup())).rejects.toMatchObject({ code: 'SLOT_LOST', exitCode: 6 });
  });

  it('52: refuses a slot of another plugin or another database', async () => {
    await f
      .sql(`SELECT pg_create_logical_replication_slot('${f.slot}', 'test_decoding')`)
      .catch(() => f.sql(`SELECT pg_create_physical_replication_slot('${f.slot}')`));
    await expect(catchUp(f.setup())).rejects.toMatchObject({ code: 'SLOT_MISMATCH' });
    await f.sql(`SELECT pg_drop_replication_slot('${f.slot}')`);
    await f.sql(`CREATE DATABASE d_${f.slot}`);
    const url = new URL(f.server.url);
    url.pathname = `/d_${f.slot}`;
    const other = new pg.Client(url.href);
    await other.connect();
    await other.query(`SELECT pg_create_logical_replication_slot('${f.slot}', 'pgoutput')`);
    await other.end();
    await expect(catchUp(f.setup())).rejects.toMatchObject({ code: 'SLOT_MISMATCH' });
  });

  it('57: says which right is missing, without trying again and again', async () => {
    await f.sql("DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN PASSWORD 'x'");
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t; GRANT SELECT ON t TO weak`);
    const denied = startPipeline(f.setup({}, 'weak:x'));
    await expect(denied.done).rejects.toMatchObject({ code: 'SOURCE_PRIVILEGE' });
    expect(denied.events.filter((event) => event.event === 'retry')).toEqual([]);
    await expect(catchUp(f.setup({}, 'weak:wrong'))).rejects.toMatchObject({ code: 'SOURCE_AUTH', exitCode: 4 });
  });

  it('57: needs no more than REPLICATION and SELECT', async () => {
    await f.sql("DROP ROLE IF EXISTS modest; CREATE ROLE modest LOGIN REPLICATION PASSWORD 'x'");
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t; GRANT SELECT ON t TO modest; INSERT INTO t VALUES (1, 'a')`);
    await catchUp(f.setup({}, 'modest:x'));
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await catchUp(f.setup({}, 'modest:x'));
    expect(f.memory.rows('public.t')).toHaveLength(2);
    await f.sql('REVOKE ALL ON t FROM modest');
  });

  it('60: shows values the same whatever the role is set to', async () => {
    await f.sql(
      'DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY, f float8, at timestamptz, b bytea, i interval, m money)',
    );
    await f.sql("DROP ROLE IF EXISTS odd; CREATE ROLE odd LOGIN SUPERUSER PASSWORD 'x'");
    for (const setting of [
      'extra_float_digits = -10',
      "datestyle = 'German'",
      "timezone = 'America/New_York'",
      "bytea_output = 'escape'",
      "intervalstyle = 'sql_standard'",
      "statement_timeout = '1s'",
    ]) {
      await f.sql(`ALTER ROLE odd SET ${setting}`);
    }
    const values = "0.1234567890123456, '2024-07-04 12:34:56.5+00', '\\xff5c', '1 day 02:03:04', 12.5";
    await f.sql(`INSERT INTO t VALUES (1, ${values})`);
    await catchUp(f.setup({}, 'odd:x'));
    await f.sql(`INSERT INTO t VALUES (2, ${values})`);
    await catchUp(f.setup({}, 'odd:x'));
    const text = ['0.1234567890123456', '2024-07-04 12:34:56.5+00', '\\xff5c', 'P1DT2H3M4S', '$12.50'];
    expect(f.memory.rows('public.t')).toEqual([
      ['1', ...text],
      ['2', ...text],
    ]);
  });

  it('73: says who blocks the creation of the slot, and leaves nothing behind', async () => {
    const blocker = new pg.Client(f.server.url);
    await blocker.connect();
    await blocker.query("BEGIN; INSERT INTO t VALUES (1, 'open')");
    await expect(catchUp(f.setup({ stream: { slotTimeoutMs: 1000 } }))).rejects.toMatchObject({
      code: 'SLOT_CREATION_BLOCKED',
      hint: expect.stringMatching(/pg_terminate_backend\(\d+\)/),
    });
    await blocker.query('COMMIT');
    await blocker.end();
    await until(
      async () => (await f.sql(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${f.slot}'`)).length === 0,
      { what: 'no half-made slot' },
    );
    await catchUp(f.setup());
    expect(f.memory.rows('public.t')).toHaveLength(1);
  });

  it('56: waits when all senders are taken, and says what to raise', async () => {
    await catchUp(f.setup());
    await f.server.restart('fast', { max_wal_senders: '1' });
    await f.reconnect();
    const taker = startPipeline({ ...f.setup(), slot: `${f.slot}_other`, open: () => new MemoryServer().open() });
    await taker.saw('streaming');
    const waiting = startPipeline(f.setup());
    await waiting.saw('retry');
    expect(waiting.events.find((event) => event.event === 'retry')?.data?.code).toBe('SOURCE_BUSY');
    await taker.stop();
    await waiting.saw('streaming');
    await waiting.stop();
    await f.server.restart('fast', { max_wal_senders: '20' });
    await f.reconnect();
  });

  it('80: commits what is in hand, confirms it and frees the slot when told to stop', async () => {
    const running = startPipeline(f.setup());
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => f.memory.applied.length === 1);
    await running.stop();
    expect(await f.confirmed()).toBe(f.memory.checkpoint?.flushed);
    await until(
      async () =>
        (await f.sql(`SELECT active FROM pg_replication_slots WHERE slot_name = '${f.slot}'`))[0]?.active ===
        (false as unknown),
      { what: 'the slot to be free' },
    );
  });

  it('80: does not wait for ever for a destination that hangs, and loses nothing by it', async () => {
    const release = f.memory.hold();
    const running = startPipeline(f.setup({ pipeline: { drainMs: 300 } }));
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => running.status()?.lag.idle === false, { what: 'a batch in hand' });
    await running.stop();
    expect(f.memory.applied).toEqual([]);
    release();
    await catchUp(f.setup());
    expect(f.memory.rows('public.t')).toEqual([['1', 'a']]);
  });
});

describe('a source without wal_level = logical', { timeout: 60_000 }, () => {
  const f = sourceFixture('level', { settings: { wal_level: 'replica' } });

  it('55: is refused with the setting to change', async () => {
    await expect(catchUp(f.setup())).rejects.toMatchObject({
      code: 'SOURCE_UNSUITABLE',
      message: expect.stringContaining('wal_level'),
    });
  });
});
