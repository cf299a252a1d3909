import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseLsn } from '../../src/model/lsn.ts';
import { Gate } from '../../src/pipeline/gate.ts';
import { senderIsBlocked } from '../support/blocked-sender.ts';
import { startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

/** A source that has more to send than we take: how much waits here, and what that costs the source. */
describe('a source that is held back', { timeout: 90_000 }, () => {
  const f = sourceFixture('held');
  const activePid = async () =>
    Number((await f.sql(`SELECT active_pid FROM pg_replication_slots WHERE slot_name = '${f.slot}'`))[0]?.active_pid);
  const limits = { rows: 2000, bytes: 1 << 20 };
  /** 30 MB: more than a batch, our queue and the buffers of the kernel hold together. */
  const flood = 'INSERT INTO t SELECT i, repeat(md5(i::text), 30) FROM generate_series(1, 30000) i';

  it('16, 4: gives a stalled connection up, so that the server can end the sender that it was told to', async () => {
    const release = f.memory.hold();
    const running = startPipeline(f.setup({ stream: { maxStallMs: 6000 }, pipeline: { limits } }));
    await running.saw('streaming');
    await f.sql(flood);
    await senderIsBlocked(f.server.url, f.slot, running);
    const sender = await activePid();
    await f.sql(`SELECT pg_terminate_backend(${sender})`);
    await running.saw('source.lost');
    expect(running.events.find((event) => event.event === 'source.lost')?.data?.code).toBe('STREAM_STALLED');
    const there = `SELECT 1 FROM pg_stat_activity WHERE pid = ${sender}`;
    await until(async () => (await f.sql(there)).length === 0, { what: 'the sender to end' });
    release();
    await until(() => f.memory.rows('public.t').length === 30_000, { what: 'all rows after the stall' });
    await running.stop();
    expect(f.memory.applied).toHaveLength(30_000);
  });

  it('17: does not hang the checkpoint that invalidates its slot while it is held, and says so when it goes on', async () => {
    const gate = new Gate();
    const running = startPipeline(f.setup({ gate, stream: { maxStallMs: 6000 } }));
    await running.saw('streaming');
    gate.close();
    await f.sql(flood);
    await senderIsBlocked(f.server.url, f.slot, running);
    await f.sql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
    await f.sql('SELECT pg_reload_conf()');
    try {
      await f.sql('SELECT pg_switch_wal()');
      let done = false;
      const checkpoint = pgRows(f.server.url, 'CHECKPOINT').then(() => {
        done = true;
      });
      checkpoint.catch(() => undefined);
      await until(() => done, { what: 'the end of the checkpoint' });
    } finally {
      await f.sql('ALTER SYSTEM RESET max_slot_wal_keep_size');
      await f.sql('SELECT pg_reload_conf()');
    }
    const slot = `SELECT wal_status FROM pg_replication_slots WHERE slot_name = '${f.slot}'`;
    expect(await f.sql(slot)).toEqual([{ wal_status: 'lost' }]);
    gate.open();
    await expect(running.done).rejects.toMatchObject({ code: 'SLOT_LOST', exitCode: 6 });
    expect(f.memory.applied).toEqual([]);
  });

  it('18: stays connected and small while the destination is slow', async () => {
    const release = f.memory.hold();
    const running = startPipeline(f.setup({ stream: { senderTimeoutMs: 2000 }, pipeline: { limits } }));
    await running.saw('streaming');
    await f.sql(flood);
    const [end] = await f.sql('SELECT pg_current_wal_lsn() AS lsn');
    await senderIsBlocked(f.server.url, f.slot, running);
    expect(running.status()?.queueBytes, 'of 30 MB').toBeLessThan(10 << 20);
    expect(parseLsn(running.status()?.lsn.received ?? ''), 'the rest stays at the source').toBeLessThan(
      parseLsn(end?.lsn ?? ''),
    );
    release();
    f.memory.fault = async (point) => {
      if (point === 'before') await sleep(150);
    };
    await until(() => f.memory.rows('public.t').length === 30_000, { what: 'all rows', timeoutMs: 60_000 });
    expect(running.events.filter((event) => event.event === 'retry')).toEqual([]);
    expect(Math.max(...f.memory.batches.map(({ rows }) => rows))).toBeLessThanOrEqual(limits.rows);
    await running.stop();
    expect(f.memory.applied).toHaveLength(30_000);
  });
});
