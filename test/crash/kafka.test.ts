import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { headless } from '../support/headless.ts';
import { type PrivateKafka, startKafka } from '../support/kafka.ts';
import { client, readCommitted } from '../support/kafka-reader.ts';
import { built } from '../support/program.ts';
import { describeWith, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { mysqlRows, pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';
import { recopied, replayed } from './kafka-replay.ts';

const KILLS = Number(process.env.CDC_TEST_KAFKA_KILLS ?? 5);

/** Of the table whose copy is killed; each Kafka transaction takes a fortieth of them. */
const ROWS = 20_000;

for (const version of ['4.1.0', '3.9.1'] as const)
  await describeWith(`a replicator into Kafka ${version} that is killed`, () => startKafka(version), suite);

function suite(kafka: PrivateKafka): void {
  const named = (what: string): string => `crash_${what}_${kafka.version.replaceAll('.', '_')}`;
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

  const rowsOf = async (source: string): Promise<string[]> =>
    (await pgRows(source, 'SELECT id::text, v::text FROM t')).map((row) => JSON.stringify(row)).sort();

  /** How to start the program, as often as it is killed. */
  async function program(more: Readonly<Record<string, string>>, name: string) {
    const bin = await built();
    const env = {
      ...process.env,
      CDC_REPLICATION_SLOT: name,
      CDC_PUBLICATION: name,
      CDC_KAFKA_REPLICATION_FACTOR: '1',
      ...more,
    };
    return (...flags: string[]) => {
      const child = spawn(process.execPath, [bin, 'replicate', '--env', '--json', ...flags], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (piece: Buffer) => {
        output += piece;
      });
      const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      const said = async (text: string): Promise<void> => {
        while (!output.includes(text)) {
          if (child.exitCode !== null) throw new Error(output);
          await sleep(20);
        }
      };
      const kill = async (): Promise<void> => {
        child.kill('SIGKILL');
        await ended;
      };
      return { ended, said, kill, output: () => output };
    };
  }

  type Start = Awaited<ReturnType<typeof program>>;

  async function finish(start: Start): Promise<void> {
    const last = start('--until', 'now');
    expect([await last.ended, last.output().slice(-600)]).toEqual([0, expect.anything()]);
  }

  async function crashing(destination: string, more: Readonly<Record<string, string>>, name: string) {
    const database = await freshDatabase(await postgres());
    const source = database.url;
    const start = await program({ CDC_SOURCE_URL: source, CDC_DEST_URL: destination, ...more }, name);
    await pgRows(source, 'CREATE TABLE t (id int PRIMARY KEY, v int)');
    expect(await start('--until', 'now').ended).toBe(0);
    const load = startLoad(source);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const one = start();
      await one.said('"streaming"');
      await sleep(Math.random() * 500);
      await one.kill();
    }
    expect(await load.stop()).toBeGreaterThan(0);
    await finish(start);
    const rows = await rowsOf(source);
    await database.drop();
    return rows;
  }

  /** How many records the topic has, whether they were committed or not. */
  async function sent(topic: string): Promise<number> {
    const admin = client(kafka.broker).admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets(topic).catch(() => []);
    await admin.disconnect();
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  }

  it('has sent every change once, as consumers see it that read what is committed', async () => {
    const told = { CDC_KAFKA_TRANSACTIONS: 'topic', CDC_KAFKA_COMPRESSION: 'gzip' };
    const rows = await crashing(`${kafka.url}/alone`, told, named('alone'));
    await expectSame('alone.public.t', rows);
    const transactions = await readCommitted(kafka.broker, ['alone.transaction']);
    const ended = transactions.map(({ value }) => JSON.parse(value ?? '')).filter(({ status }) => status === 'END');
    expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
    const events = (await readCommitted(kafka.broker, ['alone.public.t'])).filter(({ value }) => value !== null);
    expect(ended.reduce((sum, { event_count }) => sum + event_count, 0)).toBe(events.length);
  }, 150_000);

  it('has copied every row and sent every change, also where the copy itself is killed', async () => {
    const database = await freshDatabase(await postgres());
    const source = database.url;
    const env = { CDC_SOURCE_URL: source, CDC_DEST_URL: `${kafka.url}/copy`, CDC_BATCH_SIZE: String(ROWS / 80) };
    const start = await program(env, named('copy'));
    await pgRows(
      source,
      `CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, 0 FROM generate_series(1, ${ROWS}) i`,
    );
    for (let kill = 0; kill < 2; kill += 1) {
      const before = await sent('copy.public.t');
      const one = start();
      await one.said('"copy.started"');
      await until(async () => (await sent('copy.public.t')) > before + ROWS / 20, { what: 'rows of the copy' });
      // of rows that were sent, and of rows that were not
      const from = ROWS * (kill + 2);
      const changes = pgRows(
        source,
        `DELETE FROM t WHERE id % 10 = ${kill}; UPDATE t SET v = v + 1 WHERE id % 10 = ${kill + 5};
         INSERT INTO t SELECT i, -1 FROM generate_series(${from}, ${from + 9}) i`,
      );
      await one.kill();
      await changes;
      expect(one.output()).not.toContain('"copy.finished"');
    }
    await finish(start);
    const rows = await rowsOf(source);
    await until(
      async () => {
        const found = recopied(await readCommitted(kafka.broker, ['copy.public.t']));
        expect(found.copies).toBe(3);
        expect(found.rows.length).toBe(rows.length);
        expect([found.rows, found.sinceLast]).toEqual([rows, rows]);
        return true;
      },
      { timeoutMs: 30_000, everyMs: 500 },
    );
    await database.drop();
  }, 150_000);

  // what follows is about two destinations, whatever the broker's version
  if (kafka.version !== '4.1.0') return;

  it('has sent every change once to a mirror, and to the database beside it', async () => {
    const copy = await freshDatabase(await mariadb());
    const mirror = { CDC_KAFKA_URL: `${kafka.url}/mirror` };
    const rows = await crashing(copy.url, mirror, named('mirror'));
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
}
