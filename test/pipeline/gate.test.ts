import { expect, test } from 'vitest';
import { Gate } from '../../src/pipeline/gate.ts';
import { MemoryServer } from '../support/memory-destination.ts';
import { startPipeline } from '../support/pipeline.ts';
import { describeWith, freshDatabase, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

const never = new AbortController().signal;

test('whoever waits goes on when the gate is opened, and when the wait is aborted', async () => {
  const gate = new Gate();
  await gate.passed(never);
  gate.close();
  const stop = new AbortController();
  const passed: string[] = [];
  const waits = [
    gate.passed(never).then(() => passed.push('opened')),
    gate.passed(stop.signal).then(() => passed.push('aborted')),
  ];
  stop.abort();
  await waits[1];
  expect(passed).toEqual(['aborted']);
  gate.open();
  await Promise.all(waits);
  expect(passed).toEqual(['aborted', 'opened']);
});

test('closing it again keeps the time of the first', () => {
  const gate = new Gate();
  expect(gate.since).toBeNull();
  gate.close();
  const { since } = gate;
  gate.close();
  expect(gate.since).toBe(since);
});

await describeWith(
  'a pause',
  () => postgres(18),
  (server) => {
    test('holds changes at the source, is not called idle, and ends without losing or repeating anything', async () => {
      const database = await freshDatabase(server);
      await pgRows(database.url, 'CREATE TABLE t (id int PRIMARY KEY)');
      const memory = new MemoryServer();
      const gate = new Gate();
      const pipeline = startPipeline({
        source: database.url,
        open: () => memory.open(),
        slot: database.name,
        stream: { heartbeatMs: 100 },
        gate,
      });
      const status = () => pipeline.status();
      try {
        await pipeline.saw('streaming');
        await pgRows(database.url, 'INSERT INTO t VALUES (1)');
        await until(() => status()?.totals.inserts === 1 && status()?.lag.idle);
        gate.close();
        await until(() => status()?.phase === 'paused');
        await pgRows(database.url, 'INSERT INTO t SELECT generate_series(2, 1000)');
        const before = status()?.lsn.received;
        // Keepalives come and are answered: the connection lives.
        await until(() => status()?.lsn.received !== before, { what: 'the stream to go on' });
        await until(() => (status()?.lag.seconds ?? 0) > 0, { what: 'lag' });
        expect(status()).toMatchObject({ phase: 'paused', totals: { inserts: 1 }, lag: { idle: false } });
        gate.open();
        await until(() => status()?.totals.inserts === 1000 && status()?.lag.idle);
        expect(status()).toMatchObject({ phase: 'streaming', reconnects: 0, lag: { seconds: 0 } });
      } finally {
        await pipeline.stop();
        await database.drop();
      }
    });

    test('longer than the stream may stand still frees the slot, and goes on where it was', async () => {
      const database = await freshDatabase(server);
      await pgRows(database.url, 'CREATE TABLE t (id int PRIMARY KEY, pad text)');
      const memory = new MemoryServer();
      const gate = new Gate();
      const pipeline = startPipeline({
        source: database.url,
        open: () => memory.open(),
        slot: database.name,
        stream: { heartbeatMs: 100, maxStallMs: 300 },
        gate,
      });
      try {
        await pipeline.saw('streaming');
        gate.close();
        await pgRows(database.url, `INSERT INTO t SELECT n, repeat('x', 10000) FROM generate_series(1, 3000) n`);
        const active = async () =>
          (
            await pgRows(
              database.url,
              `SELECT 1 FROM pg_replication_slots WHERE slot_name = '${database.name}' AND active`,
            )
          ).length > 0;
        await until(async () => !(await active()), { what: 'a free slot' });
        expect(pipeline.status()).toMatchObject({ phase: 'paused' });
        gate.open();
        await until(() => memory.rows('public.t').length === 3000, { what: 'every row' });
        expect(pipeline.events.filter(({ severity }) => severity === 'warn' || severity === 'error')).toEqual([]);
        expect(pipeline.events.map(({ message }) => message)).toContain(
          'going on after a pause, with a new connection to the source',
        );
      } finally {
        await pipeline.stop();
        await database.drop();
      }
    });

    test('of the copy ends with every row', async () => {
      const database = await freshDatabase(server);
      await pgRows(database.url, 'CREATE TABLE t AS SELECT n AS id FROM generate_series(1, 50000) n');
      await pgRows(database.url, 'ALTER TABLE t ADD PRIMARY KEY (id)');
      const memory = new MemoryServer();
      const gate = new Gate();
      gate.close();
      const pipeline = startPipeline({ source: database.url, open: () => memory.open(), slot: database.name, gate });
      try {
        await until(() => pipeline.status()?.tables.some(({ state }) => state === 'copying'));
        await until(() => pipeline.status()?.phase === 'paused');
        expect(pipeline.status()?.totals.copiedRows).toBe(0);
        gate.open();
        await pipeline.saw('streaming');
        await until(() => pipeline.status()?.totals.copiedRows === 50_000);
      } finally {
        await pipeline.stop();
        await database.drop();
      }
    });
  },
);
