import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';
import { describeWith, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { mysqlValue, pgRows } from '../support/sql.ts';

const BIN = fileURLToPath(new URL('../../bin/pg2any.js', import.meta.url));
const ROWS = 2_000_000;

/** Runs the product with a heap far smaller than the transaction. */
async function replicate(source: string, destination: string): Promise<{ code: number | null; errors: string }> {
  const env = { ...process.env, CDC_SOURCE_URL: source, CDC_DEST_URL: destination, CDC_REPLICATION_SLOT: 'huge' };
  const args = ['--max-old-space-size=192', BIN, 'replicate', '--env', '--until', 'now'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return await new Promise((resolve) => child.on('close', (code) => resolve({ code, errors })));
}

/** 20: one transaction of two million rows, some of them updated and deleted in it. */
async function passes(destination: string, count: () => Promise<number>): Promise<void> {
  const database = await freshDatabase(await postgres());
  await pgRows(database.url, 'CREATE TABLE item (id bigint PRIMARY KEY, name text, price numeric(12,2))');
  expect(await replicate(database.url, destination)).toMatchObject({ code: 0 });
  await pgRows(
    database.url,
    `BEGIN; INSERT INTO item SELECT i, 'item number ' || i, i / 100.0 FROM generate_series(1, ${ROWS}) i;
     UPDATE item SET name = 'changed' WHERE id % 1000 = 0; DELETE FROM item WHERE id % 1000 = 1; COMMIT`,
  );
  expect(await replicate(database.url, destination)).toMatchObject({ code: 0 });
  expect(await count()).toBe(ROWS - ROWS / 1000);
  await database.drop();
}

const TITLE = '20: passes two million rows in one transaction with a heap of 192 MB';

describe('a huge transaction into SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pg2any-huge-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(TITLE, { timeout: 180_000 }, async () => {
    const file = join(folder, 'copy.db');
    await passes(`sqlite:${file}`, async () => {
      const db = new Database(file);
      const row = db.prepare("SELECT count(*) AS n, sum(name = 'changed') AS changed FROM item").get() as {
        n: number;
        changed: number;
      };
      db.close();
      expect(Number(row.changed)).toBe(ROWS / 1000);
      return Number(row.n);
    });
  });
});

await describeWith('a huge transaction into MariaDB', mariadb, (server) => {
  it(TITLE, { timeout: 180_000 }, async () => {
    const { url, drop } = await freshDatabase(server);
    await passes(url, async () => Number(await mysqlValue(url, 'SELECT count(*) FROM item')));
    await drop();
  });
});
