import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { senderIsBlocked } from '../support/blocked-sender.ts';
import { destinationFixture } from '../support/destination-fixture.ts';
import { type Running, startPipeline } from '../support/pipeline.ts';
import { type FaultProxy, startProxy } from '../support/proxy.ts';
import { describeWith, mariadb, privateMariadb } from '../support/services.ts';
import { until } from '../support/wait.ts';

const codes = (run: Running, event: string) =>
  run.events.filter((one) => one.event === event).map((one) => one.data?.code);
const LIMITS = { rows: 500, bytes: 1 << 16 };

await describeWith('a destination that dies', privateMariadb, (server) => {
  afterAll(() => server.stop());
  const f = destinationFixture(server);

  it('4: waits while it is down, in bounded memory and with its slot, then goes on and repeats nothing', async () => {
    await f.sql('CREATE TABLE k (n int, v text); ALTER TABLE k REPLICA IDENTITY FULL');
    const run = await f.start({ stream: { maxStallMs: 6000 }, pipeline: { limits: LIMITS } });
    const client = new pg.Client(f.setup().source);
    client.on('error', () => undefined);
    await client.connect();
    let written = 0;
    const write = async (rows: number) => {
      await client.query(
        `INSERT INTO k SELECT i, repeat('x', 2000) FROM generate_series(${written + 1}, ${written + rows}) i`,
      );
      written += rows;
    };
    for (let i = 0; i < 20; i += 1) await write(100);
    await until(async () => (await f.there('SELECT 1 FROM k LIMIT 1')).length, { what: 'the first rows' });
    await server.kill();

    await write(15_000);
    await senderIsBlocked(f.setup().source, f.slot, run);
    expect(codes(run, 'source.lost'), 'it is sampled while the connection lives').toEqual([]);
    expect(run.status()?.queueBytes, 'of 30 MB').toBeLessThan(10 << 20);
    await run.saw('source.lost');
    await run.saw('destination.retry', 3);
    expect(await f.confirmed(), 'the slot is kept').toMatch(/\//);
    await server.start();
    await run.saw('destination.back');
    await write(100);
    await until(async () => Number((await f.there('SELECT COUNT(*) FROM k'))[0]?.[0]) >= written, {
      timeoutMs: 30_000,
      what: 'all rows',
    });
    await run.stop();
    await client.end();
    expect(new Set(codes(run, 'destination.retry'))).toEqual(new Set(['DESTINATION_UNREACHABLE']));
    await f.expectSame('k');
  });
});

await describeWith('the network to the destination', mariadb, (server) => {
  const f = destinationFixture(server);
  let proxy: FaultProxy;
  beforeAll(async () => {
    const { hostname, port } = new URL(server.url);
    proxy = await startProxy(hostname, Number(port));
  });
  afterAll(() => proxy.close());
  afterEach(() => {
    proxy.thaw();
    proxy.onClientData(null);
    proxy.onServerData(null);
  });
  /** A keyless table shows a repeated insert as one row too many. */
  const start = async (queryTimeoutMs = 30_000) => {
    await f.sql('CREATE TABLE k (n int, v text); ALTER TABLE k REPLICA IDENTITY FULL');
    const run = await f.start({}, { url: new URL(proxy.url(f.url)), queryTimeoutMs });
    await f.sql("INSERT INTO k VALUES (1, 'before')");
    await until(async () => (await f.there('SELECT 1 FROM k')).length, { what: 'the row before the fault' });
    return run;
  };
  const goesOn = async (run: Running) => {
    await f.sql("INSERT INTO k VALUES (3, 'after'); INSERT INTO t VALUES (1, 'after')");
    await until(async () => (await f.there('SELECT 1 FROM t WHERE id = 1')).length, {
      what: 'the row after the fault',
    });
    await run.stop();
    await f.expectSame('k');
    await f.expectSame('t');
  };
  /** What is sent to the server from now on, until something is done about a COMMIT. */
  const atCommit = (act: () => Buffer | boolean) => {
    proxy.onClientData((data) => {
      if (!data.includes('\x03COMMIT')) return true;
      proxy.onClientData(null);
      return act();
    });
  };

  it('4: gives up a destination that was never reached, with its exit code', async () => {
    const url = new URL(f.url);
    url.port = String(await freePort());
    const run = startPipeline(f.setup({ startupMs: 700 }, { url }));
    await expect(run.done).rejects.toMatchObject({ code: 'DESTINATION_UNREACHABLE', exitCode: 5 });
    expect(codes(run, 'retry').length).toBeGreaterThanOrEqual(1);
  });

  it('5: gives up a statement that is never answered, and goes on when the network does', async () => {
    const run = await start(500);
    proxy.freeze();
    await f.sql("INSERT INTO k VALUES (2, 'frozen')");
    await run.saw('destination.retry', 2);
    proxy.thaw();
    await run.saw('destination.back');
    await goesOn(run);
  });

  it('5: is not kept waiting by the locks of a session that the network forgot', async () => {
    const run = await start(500);
    await f.sql("INSERT INTO t SELECT i, 'old' FROM generate_series(10, 20) i");
    await until(async () => (await f.there('SELECT 1 FROM t')).length);
    atCommit(() => {
      proxy.strand();
      return Buffer.alloc(0);
    });
    await f.sql("UPDATE t SET v = 'x'");
    await run.saw('destination.back');
    await goesOn(run);
    expect(codes(run, 'destination.retry')).toEqual(['DESTINATION_UNREACHABLE']);
  });

  it('5: copies again without waiting for the locks of a copy that the network forgot', async () => {
    await f.sql("INSERT INTO t SELECT i, 'copied' FROM generate_series(1, 5000) i");
    proxy.onClientData((data) => {
      if (data.includes('LOAD DATA'))
        atCommit(() => {
          proxy.strand();
          return Buffer.alloc(0);
        });
      return true;
    });
    const run = await f.start({}, { url: new URL(proxy.url(f.url)), queryTimeoutMs: 1000 });
    expect(codes(run, 'retry')).toContain('DESTINATION_UNREACHABLE');
    await f.expectSame('t');
  });

  it('6: repeats nothing when only the answer to a commit was lost', async () => {
    const run = await start();
    atCommit(() => {
      proxy.onServerData(() => false);
      return true;
    });
    await f.sql("INSERT INTO k VALUES (2, 'committed')");
    await run.saw('destination.retry');
    proxy.onServerData(null);
    await run.saw('destination.back');
    expect(await f.there('SELECT COUNT(*) FROM k')).toEqual([['2']]);
    await goesOn(run);
  });

  it('6: applies a batch once more when its commit never arrived', async () => {
    const run = await start();
    atCommit(() => false);
    await f.sql("INSERT INTO k VALUES (2, 'cut')");
    await run.saw('destination.back');
    await goesOn(run);
    expect(codes(run, 'destination.retry')).toEqual(['DESTINATION_UNREACHABLE']);
  });

  it('54: takes over from an instance that hangs within a transaction, without waiting for its locks', async () => {
    const first = await start(3000);
    await f.sql("INSERT INTO t VALUES (10, 'a')");
    await until(async () => (await f.there('SELECT 1 FROM t')).length);
    atCommit(() => {
      proxy.strand();
      return Buffer.alloc(0);
    });
    await f.sql("UPDATE t SET v = 'b'; INSERT INTO k VALUES (2, 'taken over')");
    const holds = 'SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_rows_modified > 0';
    // looked at less often than the server refreshes what it shows there
    await until(async () => (await f.there(holds)).length, { everyMs: 250, what: 'the open transaction' });
    await f.sql(`SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${f.slot}'`);
    const second = await f.start();
    await until(async () => (await f.there("SELECT 1 FROM t WHERE v = 'b'")).length, { what: 'the second instance' });
    expect(codes(second, 'destination.retry')).toEqual([]);
    await until(() => codes(first, 'retry').includes('SLOT_IN_USE'), { what: 'the first one to wait' });
    await f.expectSame('k');
    await second.stop();
    await first.saw('streaming', 2);
    await goesOn(first);
  });
});
