import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Outcome, pg2any, type RunOptions } from '../support/program.ts';
import { type FreshDatabase, freshDatabase, type SharedServer } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';

const SHOP = `
CREATE TABLE orders (id int PRIMARY KEY, note text);
INSERT INTO orders SELECT i, 'note ' || i FROM generate_series(1, 500) i;
CREATE TABLE customers (id int PRIMARY KEY);
`;

interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

/** A small shop on a source of its own, a SQLite file beside it, and at most one replicator between them. */
export function useShop(server: SharedServer) {
  // Its own, so that nobody else's processes are found.
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-status-'));
  const slot = `status_${process.pid}`;
  let database: FreshDatabase;
  let running: Running | null = null;

  beforeAll(async () => {
    database = await freshDatabase(server);
    await pgRows(database.url, SHOP);
  });

  afterEach(async () => {
    running?.child.kill('SIGKILL');
    await running?.outcome;
    running = null;
  });

  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const env = () => ({
    CDC_SOURCE_URL: database.url,
    CDC_DEST_URL: `sqlite:${folder}/copy.db`,
    CDC_REPLICATION_SLOT: slot,
    XDG_RUNTIME_DIR: folder,
    TMPDIR: folder,
  });

  const run = (words: readonly string[], options: RunOptions = {}) =>
    pg2any(words, { cwd: folder, ...options, env: { ...env(), COLUMNS: '110', ...options.env } });

  const status = async (more: Readonly<Record<string, string>> = {}) => {
    const { code, stdout } = await run(['status', '--env', '--json'], { env: more });
    return { code, ...JSON.parse(stdout) };
  };

  /** A headless replicator that streams. */
  async function replicating(
    onLine: (line: string) => void = () => undefined,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ChildProcess> {
    const { child, outcome } = await new Promise<Running>((resolve, reject) => {
      let started: ChildProcess | null = null;
      const ends = run(['replicate', '--env', '--json'], {
        env: more,
        onStart: (one) => {
          started = one;
        },
        onLine: (line) => {
          onLine(line);
          if (started && line.includes('"event":"streaming"')) resolve({ child: started, outcome: ends });
        },
      });
      ends.then((early) => reject(new Error(`ended: ${early.stdout}`)), reject);
    });
    running = { child, outcome };
    return child;
  }

  return {
    ...{ folder, slot, env, run, status, replicating },
    get url() {
      return database.url;
    },
    get running() {
      return running;
    },
  };
}
