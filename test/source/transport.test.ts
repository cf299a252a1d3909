import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Pg2anyError } from '../../src/model/error.ts';
import { ZERO_LSN } from '../../src/model/lsn.ts';
import type { StreamOptions } from '../../src/model/source.ts';
import { Transport } from '../../src/source/transport.ts';
import { sourceOptions, streamOptions } from '../support/pipeline.ts';
import { type FaultProxy, startProxy } from '../support/proxy.ts';
import { sourceFixture } from '../support/source-fixture.ts';
import { until } from '../support/wait.ts';

describe('Transport', { timeout: 60_000 }, () => {
  const f = sourceFixture('transport');
  let proxy: FaultProxy;

  beforeAll(async () => {
    proxy = await startProxy('127.0.0.1', f.server.port);
  });
  afterAll(() => proxy.close());
  afterEach(() => proxy.onClientData(null));

  const start = (options: Partial<StreamOptions> = {}, admit?: Parameters<typeof Transport.start>[4]) =>
    Transport.start(
      { ...sourceOptions(proxy.url(f.server.url)), sslMode: 'disable' },
      streamOptions(f.slot, options),
      180000,
      ZERO_LSN,
      admit,
    );
  const makeSlot = async () => {
    await f.sql(`CREATE PUBLICATION ${f.slot} FOR TABLE t`);
    await f.sql(`SELECT pg_create_logical_replication_slot('${f.slot}', 'pgoutput')`);
  };
  const nothingOpen = () => until(() => proxy.connections === 0, { what: 'the end of the connection' });

  it('leaves no connection behind when the server refuses to stream', async () => {
    await expect(start()).rejects.toMatchObject({ code: 'SLOT_MISSING' });
    await nothingOpen();
  });

  it('does not ask a server to stream that is not let through', async () => {
    await makeSlot();
    const asked: string[] = [];
    proxy.onClientData((data) => {
      asked.push(data.toString('latin1'));
      return true;
    });
    const refused = start({}, async () => {
      throw new Pg2anyError('STREAM_RESTART', 'another server');
    });
    await expect(refused).rejects.toMatchObject({ code: 'STREAM_RESTART' });
    await nothingOpen();
    expect(asked.join('')).not.toContain('START_REPLICATION');
  });

  it('leaves none behind when the login fails', async () => {
    const wrong = { ...sourceOptions(proxy.url(f.server.url)), sslMode: 'disable', password: 'wrong' } as const;
    await expect(Transport.start(wrong, streamOptions(f.slot), 180000, ZERO_LSN)).rejects.toMatchObject({
      code: 'SOURCE_AUTH',
    });
    await nothingOpen();
  });

  it('does not wait for ever for a server that never begins to stream', async () => {
    await makeSlot();
    proxy.onClientData((data) => (data.includes('START_REPLICATION') ? Buffer.alloc(0) : true));
    await expect(start({ senderTimeoutMs: 300 })).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    await nothingOpen();
  });

  it('takes nothing more once it is closed, however large the transaction is that the server is in', async () => {
    await makeSlot();
    await f.sql("INSERT INTO t SELECT n, repeat('x', 200) FROM generate_series(1, 200000) n");
    const transport = await start();
    await until(() => transport.inbox.bytes > 8 * 1024 * 1024, { what: 'a full inbox' });
    const before = transport.inbox.bytes;
    await transport.close();
    expect(transport.inbox.bytes).toBe(before);
    await nothingOpen();
  });

  it('ends the copy politely, with what is durable confirmed and the slot free', async () => {
    await makeSlot();
    const transport = await start();
    await f.sql("INSERT INTO t VALUES (1, 'a')");
    await until(() => transport.receivedLsn > ZERO_LSN);
    const durable = transport.receivedLsn;
    transport.feedback.acknowledge(durable);
    await transport.close();
    await nothingOpen();
    expect(await f.confirmed()).toBe(durable);
    expect(transport.failure, 'a wanted end is no failure').toBeNull();
  });

  it('closes although the server does not answer', async () => {
    await makeSlot();
    const transport = await start();
    proxy.strand();
    await transport.close();
    expect(transport.failure).toBeNull();
    proxy.reset();
    await nothingOpen();
  });

  it('pauses the socket when nothing is taken, and goes on when something is', async () => {
    await makeSlot();
    const transport = await start();
    await f.sql('INSERT INTO t SELECT i, repeat(md5(i::text), 40) FROM generate_series(1, 20000) i');
    await until(() => transport.pausedMs > 0, { what: 'the pause' });
    const held = transport.inbox.bytes;
    expect(held).toBeLessThan(10 * 1024 * 1024);
    let taken = 0;
    while (taken < 20 * 1024 * 1024) {
      for (const { bytes } of (await transport.inbox.take(new AbortController().signal)) ?? []) taken += bytes;
      transport.taken();
    }
    expect(transport.failure).toBeNull();
    await transport.close();
  });
});
