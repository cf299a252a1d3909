import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { type Running, type Setup, startPipeline } from '../support/pipeline.ts';
import { type FaultProxy, startProxy } from '../support/proxy.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

/** A network that breaks between us and the source. Numbers are those of docs/guarantees.md. */
describe('the network to the source', { timeout: 60_000 }, () => {
  const f = sourceFixture('network');
  let proxy: FaultProxy;
  let running: Running | null = null;

  beforeAll(async () => {
    proxy = await startProxy('127.0.0.1', f.server.port);
  });
  afterAll(() => proxy.close());
  afterEach(async () => {
    proxy.accept();
    proxy.thaw();
    proxy.cutAfterBytes(Infinity);
    proxy.onClientData(null);
    await running?.stop().catch(() => undefined);
    running = null;
  });

  const setup = (more: Partial<Setup> = {}): Setup => ({
    ...f.setup({ connectTimeoutMs: 1000, stream: { senderTimeoutMs: 1000, heartbeatMs: 300 }, ...more }),
    source: proxy.url(f.server.url),
  });
  const start = async (more: Partial<Setup> = {}) => {
    running = startPipeline(setup(more));
    await running.saw('streaming');
    await f.sql("INSERT INTO t VALUES (1, 'before')");
    await until(() => f.memory.applied.length === 1);
    return running;
  };
  const goesOn = async (run: Running) => {
    await f.sql("INSERT INTO t VALUES (2, 'after')");
    await until(() => f.memory.applied.length === 2, { what: 'the row after the fault' });
    await run.stop();
    expect(f.memory.applied).toHaveLength(2);
  };
  const codes = (run: Running, event = 'retry') =>
    run.events.filter((one) => one.event === event).map((one) => one.data?.code);

  it('13: notices a silent cut by itself, comes back when the network does, and repeats nothing', async () => {
    const run = await start();
    proxy.freeze();
    await run.saw('source.lost');
    await run.saw('retry', 2);
    expect(new Set(codes(run))).toEqual(new Set(['SOURCE_UNREACHABLE']));
    proxy.thaw();
    await run.saw('streaming', 2);
    await goesOn(run);
  });

  it('13: does not wait for connections that the network forgot', async () => {
    const run = await start();
    proxy.strand();
    await run.saw('streaming', 2);
    await goesOn(run);
  });

  it('13: waits for the slot while the server still believes in the old connection', async () => {
    const run = await start({ stream: { senderTimeoutMs: 3000, heartbeatMs: 300 } });
    proxy.orphan();
    await run.saw('streaming', 2);
    expect(codes(run)).toContain('SLOT_IN_USE');
    await goesOn(run);
  });

  it('13: notices a cut while a table is described, where an answer is awaited from another connection', async () => {
    const run = await start();
    await f.sql('DROP TABLE IF EXISTS other; CREATE TABLE other (id int PRIMARY KEY)');
    let asked = false;
    proxy.onClientData((data) => {
      if (!data.includes('attmissingval')) return true;
      asked = true;
      proxy.strand();
      return Buffer.alloc(0);
    });
    await f.sql('ALTER TABLE t ADD n int');
    await f.sql("INSERT INTO t VALUES (2, 'after')");
    await until(() => asked, { what: 'the catalog query' });
    proxy.onClientData(null);
    await run.saw('streaming', 2);
    await until(() => f.memory.applied.length === 2, { what: 'the row after the fault' });
    await run.stop();
  });

  it('14: makes one reconnect of a reset, however many errors it causes', async () => {
    const run = await start();
    proxy.reset();
    await run.saw('streaming', 2);
    expect(codes(run)).toEqual(['SOURCE_UNREACHABLE']);
    expect(codes(run, 'source.lost')).toEqual(['SOURCE_UNREACHABLE']);
    await until(() => run.status()?.reconnects === 1);
    await goesOn(run);
    expect(run.status()?.reconnects).toBe(1);
  });

  it.each([1, 60, 400, 1500, 4000, 9000, 20_000, 60_000, 200_000, 500_000])(
    '14: a connection that breaks off after %i bytes costs nothing but another try',
    async (bytes) => {
      await f.sql("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 3000) i");
      proxy.cutAfterBytes(bytes);
      running = startPipeline(setup());
      await running.saw('streaming');
      await f.sql(
        "INSERT INTO t SELECT i, repeat('y', 100) FROM generate_series(3001, 6000) i; DELETE FROM t WHERE id = 1",
      );
      await until(() => f.memory.rows('public.t').length === 5999, { what: 'all rows' });
      await running.stop();
      expect(running.status()?.reconnects).toBe(1);
      expect(f.memory.applied).toHaveLength(3001);
      expect(await f.confirmed()).toBe(f.memory.checkpoint?.flushed);
    },
  );

  it('gives up when the source was never reached, with the exit code of the source', async () => {
    const port = await freePort();
    const url = new URL(f.server.url);
    url.port = String(port);
    running = startPipeline({ ...setup({ startupMs: 700 }), source: url.href });
    await expect(running.done).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE', exitCode: 4 });
    expect(codes(running).length).toBeGreaterThanOrEqual(1);
  });

  it('keeps trying for ever once it was connected', async () => {
    const run = await start({ startupMs: 100 });
    proxy.refuse();
    proxy.reset();
    await run.saw('retry', 4);
    proxy.accept();
    await run.saw('streaming', 2);
    await goesOn(run);
  });

  it('59: refuses a pooler that drops the startup options, because values would change their text', async () => {
    proxy.onClientData((data) => withoutOptions(data));
    running = startPipeline(setup());
    await expect(running.done).rejects.toMatchObject({
      code: 'SOURCE_UNSUITABLE',
      hint: expect.stringContaining('pooler'),
    });
    expect(codes(running)).toEqual([]);
    expect(await f.sql(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${f.slot}'`)).toEqual([]);
  });

  it('59: refuses one that drops them only where it replicates', async () => {
    proxy.onClientData((data) => (data.includes('replication\0database') ? withoutOptions(data) : true));
    running = startPipeline(setup());
    await expect(running.done).rejects.toMatchObject({ code: 'SOURCE_UNSUITABLE' });
    expect(f.memory.applied).toEqual([]);
  });
});

const PROTOCOL_3 = 0x00030000;

/** A startup packet without its `options`; anything else as it is. */
function withoutOptions(data: Buffer): Buffer {
  if (data.length < 9 || data.readInt32BE(4) !== PROTOCOL_3) return data;
  const words = data.toString('utf8', 8).split('\0');
  const at = words.indexOf('options');
  if (at >= 0) words.splice(at, 2);
  const body = Buffer.from(words.join('\0'));
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8);
  head.writeInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, body]);
}
