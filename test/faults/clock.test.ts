import { afterEach, describe, expect, it, vi } from 'vitest';
import { catchUp, startPipeline } from '../support/pipeline.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

const HOUR = 3_600_000;
const real = Date.now.bind(Date);

/** 70 of the fault catalogue: only the displayed lag may depend on the local clock. */
describe('70: a local clock that is wrong', { timeout: 60_000 }, () => {
  const f = sourceFixture('clock');
  const shift = (ms: number) => vi.spyOn(Date, 'now').mockImplementation(() => real() + ms);
  afterEach(() => void vi.restoreAllMocks());

  it.each([
    ['back', -HOUR],
    ['ahead', HOUR],
  ])('jumps an hour %s while streaming: nothing is dropped, repeated or held back', async (_, ms) => {
    const running = startPipeline(f.setup({ stream: { senderTimeoutMs: 1200, heartbeatMs: 300 } }));
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => f.memory.applied.length === 1);
    shift(ms);
    await f.sql("INSERT INTO t VALUES (2, 'b')");
    await until(() => f.memory.applied.length === 2);
    const applied = f.memory.checkpoint?.flushed ?? 0n;
    await until(async () => (await f.confirmed()) >= applied, { what: 'the confirmation' });
    // Longer than the server, and we, tolerate silence.
    await f.sql('SELECT pg_sleep(4)');
    expect(running.events.filter((event) => event.event === 'retry')).toEqual([]);
    await running.stop();
    expect(f.memory.applied).toHaveLength(2);
  });

  it.each([
    ['behind', -24 * 365 * HOUR],
    ['ahead', 24 * 365 * HOUR],
  ])('is a year %s from the start: copies, streams and resumes all the same', async (_, ms) => {
    shift(ms);
    await f.sql("INSERT INTO t VALUES (1, 'copied')");
    await catchUp(f.setup());
    await f.sql("INSERT INTO t VALUES (2, 'streamed')");
    const status = await catchUp(f.setup());
    expect(f.memory.rows('public.t')).toHaveLength(2);
    expect(f.memory.applied).toHaveLength(1);
    expect(status.lag.seconds).toBeGreaterThanOrEqual(0);
    expect(await f.confirmed()).toBe(f.memory.checkpoint?.flushed);
  });
});
