import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { headless } from '../support/headless.ts';
import { startKafka } from '../support/kafka.ts';
import { type Read, readCommitted } from '../support/kafka-reader.ts';
import { built } from '../support/program.ts';
import { describeWith, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { mysqlRows, pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

const KILLS = Number(process.env.CDC_TEST_KAFKA_KILLS ?? 5);

/** Which events there are of a key, in order, and nothing twice: each change carries a number of its own. */
function replayed(events: readonly Read[]): string[] {
  const rows = new Map<string, string>();
  const seen = new Set<string>();
  for (const { key, value, headers } of events) {
    if (key === null || value === null) continue;
    const place = `${headers['pg2any.lsn']} ${headers['pg2any.ordinal']}`;
    expect([place, seen.has(place)]).toEqual([place, false]);
    seen.add(place);
    const { op, after } = JSON.parse(value) as { op: string; after: { id: number; v: number } };
    if (op === 'd') expect(rows.delete(key)).toBe(true);
    else {
      expect([key, op, rows.has(key)]).toEqual([key, op, op === 'u']);
      rows.set(key, JSON.stringify([String(after.id), String(after.v)]));
    }
  }
  return [...rows.values()].sort();
}

await describeWith('a replicator into Kafka that is killed', startKafka, (kafka) => {
  afterAll(() => kafka.stop());

  /** Inserts, updates and deletes in transactions of several rows, until `stop` is set. */
  function startLoad(source: string): { stop(): Promise<number> } {
    const state = { stop: false };
    const done = (async () => {
      let rounds = 0;
      for (; !state.stop; rounds += 1) {
        const from = rounds * 40;
        await pgRows(
          source,
          `BEGIN; INSERT INTO t SELECT i, 0 FROM generate_series(${from}, ${from + 39}) i;
           UPDATE t SET v = v + 1 WHERE id % 7 = ${rounds % 7} AND id > ${from - 200};
           DELETE FROM t WHERE id = ${from + 5}; COMMIT`,
        );
        await sleep(5);
      }
      return rounds;
    })();
    return {
      stop: () => {
        state.stop = true;
        return done;
      },
    };
  }

  async function expectSame(topic: string, rows: readonly string[]): Promise<void> {
    await until(async () => {
      expect(replayed(await readCommitted(kafka.broker, [topic]))).toEqual(rows);
      return true;
    });
  }

  async function crashing(destination: string, more: Readonly<Record<string, string>>, name: string) {
    const bin = await built();
    const database = await freshDatabase(await postgres());
    const source = database.url;
    const env = {
      ...process.env,
      CDC_SOURCE_URL: source,
      CDC_DEST_URL: destination,
      CDC_REPLICATION_SLOT: name,
      CDC_PUBLICATION: name,
      CDC_KAFKA_REPLICATION_FACTOR: '1',
      ...more,
    };
    const start = (...flags: string[]) => {
      const child = spawn(process.execPath, [bin, 'replicate', '--env', '--json', ...flags], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (piece: Buffer) => {
        output += piece;
      });
      const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      return { child, ended, output: () => output };
    };
    const streaming = async (one: ReturnType<typeof start>): Promise<void> => {
      while (!one.output().includes('"streaming"')) {
        if (one.child.exitCode !== null) throw new Error(one.output());
        await sleep(20);
      }
    };
    await pgRows(source, 'CREATE TABLE t (id int PRIMARY KEY, v int)');
    expect(await start('--until', 'now').ended).toBe(0);
    const load = startLoad(source);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const one = start();
      await streaming(one);
      await sleep(Math.random() * 500);
      one.child.kill('SIGKILL');
      await one.ended;
    }
    expect(await load.stop()).toBeGreaterThan(0);
    const last = start('--until', 'now');
    expect([await last.ended, last.output().slice(-600)]).toEqual([0, expect.anything()]);
    const rows = (await pgRows(source, 'SELECT id::text, v::text FROM t')).map((row) => JSON.stringify(row)).sort();
    await database.drop();
    return rows;
  }

  it('has sent every change once, as consumers see it that read what is committed', async () => {
    const told = { CDC_KAFKA_TRANSACTIONS: 'topic', CDC_KAFKA_COMPRESSION: 'gzip' };
    const rows = await crashing(`${kafka.url}/alone`, told, 'crash_alone');
    await expectSame('alone.public.t', rows);
    const transactions = await readCommitted(kafka.broker, ['alone.transaction']);
    const ended = transactions.map(({ value }) => JSON.parse(value ?? '')).filter(({ status }) => status === 'END');
    expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
    const events = (await readCommitted(kafka.broker, ['alone.public.t'])).filter(({ value }) => value !== null);
    expect(ended.reduce((sum, { event_count }) => sum + event_count, 0)).toBe(events.length);
  }, 150_000);

  it('has sent every change once to a mirror, and to the database beside it', async () => {
    const copy = await freshDatabase(await mariadb());
    const mirror = { CDC_KAFKA_URL: `${kafka.url}/mirror` };
    const rows = await crashing(copy.url, mirror, 'crash_mirror');
    await expectSame('mirror.public.t', rows);
    const there = await mysqlRows(copy.url, 'SELECT CAST(id AS CHAR), CAST(v AS CHAR) FROM t');
    await copy.drop();
    expect(there.map((row) => JSON.stringify(row)).sort()).toEqual(rows);
  }, 150_000);

  it('says by probe and metrics that a mirror is away, and goes on with it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-mirror-'));
    const database = await freshDatabase(await postgres());
    await pgRows(database.url, 'CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1)');
    const run = await headless({
      CDC_SOURCE_URL: database.url,
      CDC_DEST_URL: `sqlite:${join(folder, 'copy.sqlite')}`,
      CDC_KAFKA_URL: `${kafka.url}/away`,
      CDC_KAFKA_REPLICATION_FACTOR: '1',
      CDC_REPLICATION_SLOT: 'away',
      CDC_PUBLICATION: 'away',
      CDC_CONNECTION_TIMEOUT: '2s',
      CDC_QUERY_TIMEOUT: '2s',
      CDC_HEARTBEAT_INTERVAL: '500ms',
    });
    const works = async (name: string) => await run.metric(`pg2any_destination_up{destination="${name}"}`);
    try {
      await run.becomes('/readyz', 200);
      expect([await works('destination'), await works('mirror')]).toEqual([1, 1]);
      await kafka.kill();
      await pgRows(database.url, 'UPDATE t SET v = 2');
      const { reasons } = await run.becomes('/readyz', 503);
      expect(String(reasons)).toMatch(/DESTINATION_UNREACHABLE: mirror: /);
      expect([await works('destination'), await works('mirror')]).toEqual([1, 0]);
      await kafka.start();
      await run.becomes('/readyz', 200);
      expect(await works('mirror')).toBe(1);
      await expectSame('away.public.t', [JSON.stringify(['1', '2'])]);
      expect(await run.end('SIGTERM')).toEqual([0, null]);
    } finally {
      await run.end('SIGKILL');
      await database.drop();
      rmSync(folder, { recursive: true });
    }
  }, 90_000);
});
