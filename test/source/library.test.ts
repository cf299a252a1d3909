import { readFileSync } from 'node:fs';
import { LogicalReplicationService } from 'pg-logical-replication';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatLsn, type Lsn, parseLsn } from '../../src/model/lsn.ts';
import { Transport } from '../../src/source/transport.ts';
import { sourceOptions, startPipeline, streamOptions } from '../support/pipeline.ts';
import { type FaultProxy, startProxy } from '../support/proxy.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';
import { ClientWire } from '../support/wire.ts';

type Plugin = Parameters<LogicalReplicationService['subscribe']>[0];

/** Private members that the overrides in transport.ts are about. */
interface Inside {
  readonly config: { acknowledge: { auto: boolean; timeoutSeconds: number }; flowControl: { enabled: boolean } };
  readonly checkStandbyStatusTimer: unknown;
  readonly _connection: { listenerCount(event: string): number } & Record<string, unknown>;
}
const inside = (service: LogicalReplicationService): Inside => service as unknown as Inside;
const serviceOf = (transport: Transport): LogicalReplicationService =>
  (transport as unknown as { service: LogicalReplicationService }).service;

describe('an upgrade of pg-logical-replication that changes what we rely on is noticed', { timeout: 60_000 }, () => {
  const f = sourceFixture('library');
  let proxy: FaultProxy;
  let wire: ClientWire;
  const statuses = () => wire.statuses;

  beforeAll(async () => {
    proxy = await startProxy('127.0.0.1', f.server.port);
  });
  afterAll(() => proxy.close());
  beforeEach(async () => {
    wire = new ClientWire();
    proxy.onClientData(wire.hook);
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
  });
  afterEach(() => void vi.useRealTimers());

  const makeSlot = () => f.sql(`SELECT pg_create_logical_replication_slot('${f.slot}', 'pgoutput')`);
  const position = async () => parseLsn((await f.sql('SELECT pg_current_wal_insert_lsn()::text AS l'))[0]?.l ?? '');
  const throughProxy = () => proxy.url(f.server.url);

  it('pins the version exactly, and that version is installed', () => {
    const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
    expect(read('package.json').dependencies['pg-logical-replication']).toBe('2.5.0');
    expect(read('node_modules/pg-logical-replication/package.json').version).toBe('2.5.0');
  });

  describe('with our transport', () => {
    it('sends status updates of our own only: flushed is a position the destination holds, never one more', async () => {
      const above: string[] = [];
      wire = new ClientWire(({ flushed }) => {
        const durable = f.memory.checkpoint?.flushed ?? 0n;
        if (flushed > durable) above.push(`${formatLsn(flushed)} while ${durable} was durable`);
      });
      proxy.onClientData(wire.hook);
      const running = startPipeline({ ...f.setup(), source: throughProxy(), stream: { heartbeatMs: 100 } });
      await running.saw('streaming');
      const start = f.memory.checkpoint?.flushed ?? 0n;
      for (let id = 0; id < 8; id += 1) await f.sql(`INSERT INTO t VALUES (${id}, 'a')`);
      await until(() => f.memory.applied.length === 8);
      await until(() => statuses().some((status) => status.flushed > start), { what: 'a confirmation' });
      await running.stop();
      const ends = new Set<bigint>([0n, start, ...f.memory.batches.flatMap(({ end }) => (end === null ? [] : [end]))]);
      expect(above).toEqual([]);
      expect(statuses().filter((status) => !ends.has(status.flushed))).toEqual([]);
      expect(statuses().every((status) => status.applied === status.flushed)).toBe(true);
      expect(statuses().at(-1)?.flushed).toBe(f.memory.checkpoint?.flushed);
    });

    it('confirms nothing while the destination holds back, however long that takes', async () => {
      await makeSlot();
      const from = await f.confirmed();
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date', 'performance'] });
      const transport = await open(from);
      await f.sql("INSERT INTO t VALUES (1, 'a')");
      await vi.waitUntil(() => transport.receivedLsn > from, { timeout: 10_000 });
      vi.advanceTimersByTime(25_000);
      await vi.waitUntil(() => statuses().some((status) => status.written > from), { timeout: 10_000 });
      expect(Math.max(...statuses().map((status) => Number(status.flushed)))).toBeLessThanOrEqual(Number(from));
      const clocks = statuses().map((status) => status.clock - Date.now());
      expect(Math.max(...clocks.map(Math.abs)), 'the library is a week off').toBeLessThan(60_000);
      await transport.close();
      expect(await f.confirmed()).toBe(from);
    });

    it("has the library's acknowledgements, timer, flow control and listener off", async () => {
      await makeSlot();
      const transport = await open(await f.confirmed());
      const service = inside(serviceOf(transport));
      expect(serviceOf(transport).isStop(), 'acknowledgements do nothing before the start').toBe(false);
      expect(service.config).toEqual({
        acknowledge: { auto: false, timeoutSeconds: 0 },
        flowControl: { enabled: false },
      });
      expect(service.checkStandbyStatusTimer).toBeNull();
      expect(service._connection.listenerCount('copyData')).toBe(0);
      await transport.close();
    });

    const open = (from: Lsn) =>
      Transport.start(
        { ...sourceOptions(throughProxy()), sslMode: 'disable' },
        streamOptions(f.slot, { heartbeatMs: 1000 }),
        180000,
        from,
      );
  });

  describe('the library by itself', () => {
    let service: LogicalReplicationService;
    let connection: Record<string, unknown>;

    /** Streams with a plugin that decodes nothing. */
    const stream = async (config?: ConstructorParameters<typeof LogicalReplicationService>[1]) => {
      await makeSlot();
      const { host, port, user, database, password } = sourceOptions(throughProxy());
      service = new LogicalReplicationService({ host, port, user, database, password: password ?? '' }, config);
      service.on('error', () => undefined);
      const plugin = {
        options: {},
        name: 'pgoutput',
        parse: () => undefined,
        start: (client: { connection: Record<string, unknown>; query(sql: string): Promise<unknown> }) => {
          connection = client.connection;
          return client.query(
            `START_REPLICATION SLOT ${f.slot} LOGICAL 0/0 (proto_version '1', publication_names '${f.slot}')`,
          );
        },
      };
      const started = new Promise<void>((resolve) => service.on('start', () => resolve()));
      service.subscribe(plugin as unknown as Plugin, f.slot, '0/0').catch(() => undefined);
      await started;
    };
    afterEach(() => service.destroy());

    it('still has the members that we use', async () => {
      await stream();
      for (const name of ['sendCopyFromChunk', 'endCopyFrom', 'removeAllListeners', 'once', 'on'])
        expect(typeof connection[name], name).toBe('function');
      expect(connection.stream).toMatchObject({ pause: expect.any(Function), resume: expect.any(Function) });
      const got = new Promise<unknown>((resolve) =>
        (connection.once as (...args: unknown[]) => void)('copyData', resolve),
      );
      await f.sql("INSERT INTO t VALUES (1, 'a')");
      expect(await got).toMatchObject({ chunk: expect.any(Buffer) });
    });

    it('still adds one to what is acknowledged: otherwise its acknowledgements could be used again', async () => {
      await stream({ acknowledge: { auto: false, timeoutSeconds: 0 } });
      const at = await f.confirmed();
      await service.acknowledge(formatLsn(at));
      await until(() => statuses().length === 1);
      expect(statuses()[0]?.flushed).toBe(at + 1n);
    });

    it('still acknowledges what was only received, by default: that is why auto is off', async () => {
      expect(inside(new LogicalReplicationService({})).config).toEqual({
        acknowledge: { auto: true, timeoutSeconds: 10 },
        flowControl: { enabled: false },
      });
      await stream();
      const before = await position();
      service.on('data', () => new Promise(() => undefined));
      await f.sql("INSERT INTO t VALUES (1, 'a')");
      await until(() => statuses().some((status) => status.flushed > before), { what: 'the hasty acknowledgement' });
    });

    it('still acknowledges what was only received from a timer, although auto is off: that is why the timer is off', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
      await stream({ acknowledge: { auto: false, timeoutSeconds: 10 } });
      const before = await position();
      let messages = 0;
      service.on('data', () => {
        messages += 1;
      });
      await f.sql("INSERT INTO t VALUES (1, 'a')");
      await vi.waitUntil(() => messages === 4, { timeout: 10_000 });
      expect(statuses()).toEqual([]);
      vi.advanceTimersByTime(12_000);
      await vi.waitUntil(() => statuses().length > 0, { timeout: 10_000 });
      expect(statuses()[0]?.flushed).toBeGreaterThanOrEqual(before);
    });
  });
});
