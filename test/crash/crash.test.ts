import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { BANK_TOTAL, bankAtSource, createBank, runBank } from '../support/bank.ts';
import { describeWith, freshDatabase, mariadb, mysql, postgres } from '../support/services.ts';
import { describeWithSqlServer, freshSqlServerDatabase } from '../support/sqlserver.ts';
import { until } from '../support/wait.ts';
import { mysqlReader, type Reader, sqliteReader, sqlServerReader } from './reader.ts';

const BIN = fileURLToPath(new URL('../../bin/pg2any.js', import.meta.url));
/** Three destinations: at least 30 a run. */
const KILLS = Number(process.env.CDC_TEST_KILLS ?? 12);

interface Place {
  readonly url: string;
  readonly reader: Reader;
  drop(): Promise<void>;
}

function start(source: string, destination: string, more: readonly string[] = []): ChildProcess {
  const env = {
    ...process.env,
    CDC_SOURCE_URL: source,
    CDC_DEST_URL: destination,
    CDC_REPLICATION_SLOT: 'crash',
    CDC_PUBLICATION: 'crash',
    CDC_BATCH_SIZE: '2000',
  };
  return spawn(process.execPath, [BIN, 'replicate', '--env', '--json', ...more], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) =>
    child.exitCode !== null || child.signalCode !== null
      ? resolve(child.exitCode)
      : child.on('exit', (code) => resolve(code)),
  );

/** What it has written to stderr so far. */
function heard(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

/** Checks over and over that a reader sees only states that the source had after some commit. */
function watch(reader: Reader): { looks(): number; stop(): Promise<{ looks: number; wrong: string[] }> } {
  let stopped = false;
  let looks = 0;
  const wrong: string[] = [];
  let complete = false;
  const done = (async () => {
    while (!stopped) {
      const total = await reader.total();
      // Until the initial copy has finished the tables fill; from the first whole total on, nothing else may show.
      if (total === BANK_TOTAL) complete = true;
      if (complete) {
        looks += 1;
        if (total !== BANK_TOTAL) wrong.push(String(total));
      }
      await sleep(5);
    }
  })();
  done.catch(() => undefined);
  return {
    looks: () => looks,
    async stop() {
      stopped = true;
      await done;
      return { looks, wrong };
    },
  };
}

/** `pace`: how much longer each process lives, where connecting takes its time. */
async function survives(place: Place, pace = 1): Promise<void> {
  const server = await postgres();
  const database = await freshDatabase(server);
  await createBank(database.url);
  const load = runBank(database.url);
  let watching: ReturnType<typeof watch> | null = null;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = start(database.url, place.url);
    // The first ones hit the initial copy, which takes well under a second; the others any moment of the stream.
    await sleep(pace * (kill < 4 ? 350 + kill * 70 + Math.random() * 150 : 500 + Math.random() * 1200));
    child.kill('SIGKILL');
    await ended(child);
    if (kill === 7) watching = watch(place.reader);
  }
  const last = start(database.url, place.url);
  const said = heard(last);
  await sleep(pace * 1500);
  await until(() => (watching?.looks() ?? 0) > 10 || last.exitCode !== null, {
    timeoutMs: 60_000,
    what: 'readers to look',
  });
  const committed = await load.stop();
  last.kill('SIGTERM');
  expect(await ended(last), `a drain ends well: ${said()}`).toBe(0);
  const finish = start(database.url, place.url, ['--until', 'now']);
  const told = heard(finish);
  expect(await ended(finish), told()).toBe(0);
  const seen = await watching?.stop();
  expect(committed).toBeGreaterThan(100);
  expect(seen?.looks).toBeGreaterThan(10);
  expect(seen?.wrong).toEqual([]);
  const [source, destination] = [await bankAtSource(database.url), await place.reader.everything()];
  for (const table of Object.keys(source)) expect(destination[table], table).toEqual(source[table]);
  await place.reader.close();
  await place.drop();
  await database.drop();
}

const TITLE = `equals the source after ${KILLS} SIGKILLs under load, and shows only commit boundaries in between`;

await describeWith('MariaDB', mariadb, (server) => {
  it(TITLE, { timeout: 180_000 }, async () => {
    const { url, drop } = await freshDatabase(server);
    await survives({ url, reader: await mysqlReader(url), drop });
  });
});

await describeWith('MySQL', mysql, (server) => {
  it(TITLE, { timeout: 180_000 }, async () => {
    const { url, drop } = await freshDatabase(server);
    await survives({ url, reader: await mysqlReader(url), drop });
  });
});

describeWithSqlServer('SQL Server', (server) => {
  it(TITLE, { timeout: 600_000 }, async () => {
    const { url, drop } = await freshSqlServerDatabase(server);
    await survives({ url, reader: await sqlServerReader(url), drop }, 3);
  });
});

describe('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-crash-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(TITLE, { timeout: 180_000 }, async () => {
    const file = join(folder, 'copy.db');
    await survives({ url: `sqlite:${file}`, reader: sqliteReader(file), drop: async () => undefined });
  });
});
