import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedPostgres,
  type PostgresVersion,
  startEmbeddedPostgres,
} from '../../src/demo/embedded-postgres.ts';
import { parseLsn } from '../../src/model/lsn.ts';
import type { Timeline } from '../../src/model/source.ts';
import { PostgresSource } from '../../src/source/postgres.ts';
import type { Place } from '../contract/place.ts';
import { sorted } from '../contract/place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';
import { catchUp, type Running, type Setup, sourceOptions, startPipeline, streamOptions } from '../support/pipeline.ts';
import { pgRows, pgValue } from '../support/sql.ts';
import { caughtUp, promote, startStandby, synchronised } from '../support/standby.ts';
import { until } from '../support/wait.ts';

const SLOT = 'failover';

/** A primary with a physical standby that keeps the slot too: who has it after the primary is gone. 76 of the catalogue. */
describe.each<PostgresVersion>([17, 18])('failover of PostgreSQL %i', { timeout: 120_000 }, (version) => {
  let primary: EmbeddedPostgres;
  let standby: EmbeddedPostgres;
  let place: Place;
  let address: Address;
  let running: Running;

  beforeEach(async () => {
    place = await sqlitePlace();
    primary = await startEmbeddedPostgres({ version, settings: { fsync: 'off' } });
    address = await addressOf(primary);
    await pgRows(primary.url, 'CREATE TABLE t (id int PRIMARY KEY, v text)');
    await insert(primary, 1, 100);
    await catchUp(setup());
    standby = await startStandby(primary, { sync_replication_slots: 'on' });
    running = startPipeline(setup());
    await running.saw('streaming');
    await synchronised(standby, SLOT, () =>
      pgRows(primary.url, `UPDATE t SET v = v || '.' WHERE id = 1; SELECT pg_log_standby_snapshot()`),
    );
  }, 180_000);
  afterEach(async () => {
    await running.stop().catch(() => undefined);
    await standby.stop('immediate');
    await primary.stop('immediate');
    await address.close();
    await place.close();
  });

  const setup = (): Setup => ({
    source: address.url,
    slot: SLOT,
    open: () => place.open(),
    stream: { failover: true, heartbeatMs: 200 },
  });
  const insert = (server: EmbeddedPostgres, from: number, to: number) =>
    pgRows(server.url, `INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(${from}, ${to}) i`);
  const copied = async () => sorted(await place.query('SELECT id, v FROM t'));
  const has = (id: number) => async () => (await place.query(`SELECT 1 FROM t WHERE id = ${id}`)).length > 0;
  const checkpoint = async () => {
    const [[flushed, timeline] = []] = await place.query('SELECT flushed, timeline FROM pg2any_checkpoint');
    return { flushed: parseLsn(flushed ?? ''), timeline };
  };
  const positionOf = async (server: EmbeddedPostgres) =>
    parseLsn(await pgValue(server.url, 'SELECT pg_current_wal_flush_lsn()'));
  const same = async () => expect(await copied()).toEqual(sorted(await pgRows(standby.url, 'TABLE t')));

  it('goes on by itself where the standby has everything, also after it did so before', async () => {
    await insert(primary, 101, 110);
    await until(has(110), { what: 'the rows from before the failover' });
    await caughtUp(standby, primary);
    expect(await checkpoint()).toMatchObject({ timeline: '1' });
    expect(await timelineOf(standby)).toEqual({ id: 1, left: new Map(), recovering: true });
    await primary.kill();
    await promote(standby);
    expect(await timelineOf(standby)).toMatchObject({ id: 2, left: { size: 1 }, recovering: false });
    await insert(standby, 111, 120);
    address.leadTo(standby);
    await until(has(120), { what: 'the rows from after the failover' });
    await same();
    expect(await checkpoint()).toMatchObject({ timeline: '2' });
    await running.stop();
    await pgRows(standby.url, "UPDATE t SET v = 'again' WHERE id <= 50");
    await catchUp(setup());
    await same();
  });

  it('refuses a standby that lacks what the destination has, and has written beyond it by now', async () => {
    await caughtUp(standby, primary);
    await standby.pause('immediate');
    await insert(primary, 101, 1100);
    await until(has(1100), { what: 'the rows that will be lost' });
    await primary.kill();
    await running.stop();
    const before = { rows: await copied(), checkpoint: await checkpoint() };

    await standby.start();
    await promote(standby);
    while ((await positionOf(standby)) <= before.checkpoint.flushed + 100_000n)
      await pgRows(
        standby.url,
        `INSERT INTO t SELECT max(id) + i, 'other' FROM t, generate_series(1, 1000) i GROUP BY i`,
      );
    address.leadTo(standby);
    const refused = catchUp(setup());
    await expect(refused).rejects.toMatchObject({ code: 'SOURCE_BEHIND', exitCode: 6 });
    await expect(refused).rejects.toThrow(
      /^the destination holds everything up to [\dA-F]+\/[\dA-F]+ of timeline 1, but the source left that timeline at [\dA-F]+\/[\dA-F]+ and is on timeline 2$/,
    );
    expect({ rows: await copied(), checkpoint: await checkpoint() }).toEqual(before);

    // What is refused: it would go on without a word, and lack rows.
    await place.exec('UPDATE pg2any_checkpoint SET timeline = NULL');
    await catchUp(setup());
    expect(await has(101 + 1000)()).toBe(false);
    await expect(same()).rejects.toThrow();
  });
});

async function timelineOf({ url }: EmbeddedPostgres): Promise<Timeline> {
  const source = await PostgresSource.open(sourceOptions(url), streamOptions(SLOT));
  try {
    return await source.timeline();
  } finally {
    await source.close();
  }
}

/** What the configuration calls the source: one address, behind which another server may stand later. */
interface Address {
  readonly url: string;
  leadTo(server: EmbeddedPostgres): void;
  close(): Promise<void>;
}

async function addressOf(first: EmbeddedPostgres): Promise<Address> {
  let server = first;
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const there = connect(server.port, '127.0.0.1');
    for (const [one, other] of [[client, there] as const, [there, client] as const]) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = new URL(first.url);
  url.port = String((listener.address() as { port: number }).port);
  return {
    url: url.href,
    leadTo: (next) => {
      server = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
