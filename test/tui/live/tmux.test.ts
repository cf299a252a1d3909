import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { built } from '../../support/program.ts';
import { describeWith, type FreshDatabase, freshDatabase, postgres } from '../../support/services.ts';
import { pgRows } from '../../support/sql.ts';
import { Tmux, tmuxVersion } from '../../support/tmux.ts';

const RESTORED = { alternate: false, cursor: true, raw: false };

interface Stage {
  readonly terminal: Tmux;
  readonly database: FreshDatabase;
}

async function staged(size: { columns: number; rows: number }, body: (stage: Stage) => Promise<void>): Promise<void> {
  const program = await built();
  const server = await postgres(18);
  const database = await freshDatabase(server);
  const cwd = mkdtempSync(join(tmpdir(), 'pg2any-live-'));
  await pgRows(database.url, 'CREATE TABLE orders (id int PRIMARY KEY, note text NOT NULL)');
  await pgRows(database.url, 'CREATE TABLE customers (id int PRIMARY KEY, name text)');
  await pgRows(database.url, `INSERT INTO orders SELECT n, 'before' FROM generate_series(1, 2000) n`);
  const config = { source: { url: database.url }, destination: { url: 'sqlite:./shop.sqlite' }, slot: database.name };
  writeFileSync(join(cwd, 'pg2any.yaml'), JSON.stringify({ ...config, publication: database.name }));
  const terminal = new Tmux({ cwd, ...size });
  try {
    terminal.type(`${process.execPath} ${program} replicate; echo "exit code $?"`);
    await body({ terminal, database });
  } finally {
    terminal.close();
    await database.drop();
    rmSync(cwd, { recursive: true, force: true });
  }
}

await describeWith(
  'the live view in a real terminal',
  async () => await Promise.all([tmuxVersion(), postgres(18)]),
  () => {
    test('streams, resizes, filters, pauses, and ends with a summary and the terminal as it was', async () => {
      await staged({ columns: 100, rows: 30 }, async ({ terminal, database }) => {
        await terminal.until('● streaming');
        expect(terminal.modes).toEqual({ alternate: true, cursor: false, raw: true });
        await pgRows(database.url, `INSERT INTO orders SELECT n, 'live' FROM generate_series(2001, 2500) n`);
        await terminal.until(/public\.orders .* 500 /);
        for (const [columns, rows] of [
          [60, 20],
          [200, 60],
          [80, 24],
        ] as const) {
          terminal.resize(columns, rows);
          await terminal.until(new RegExp(`^┌ Events ─{${columns - 10}}┐$`, 'm'));
          expect(terminal.text.split('\n').filter((line) => line.startsWith('┌'))).toHaveLength(2);
        }
        terminal.press('?');
        await terminal.until('┌ Keys');
        terminal.press('Escape');
        await terminal.until('┌ Tables 2');
        terminal.press('/', 'c', 'u', 's', 'Enter');
        await terminal.until('┌ Tables 1 of 2 /cus');
        terminal.press('Enter');
        await terminal.until(/name +text +→ TEXT/);
        terminal.press('Escape');
        terminal.press('p');
        await terminal.until('▲ paused');
        await pgRows(database.url, `INSERT INTO customers VALUES (1, 'while paused')`);
        terminal.press('p');
        await terminal.until('● streaming');
        await terminal.until(/public\.customers .* 1 +0 +0 /);
        terminal.press('q');
        const end = await terminal.until('exit code 0');
        expect(end).toContain('2,000 rows');
        expect(end).toContain('501 inserts');
        expect(terminal.modes).toEqual(RESTORED);
      });
    });

    test('Ctrl-C drains and exits with 130', async () => {
      await staged({ columns: 80, rows: 24 }, async ({ terminal }) => {
        await terminal.until('● streaming');
        terminal.press('C-c');
        await terminal.until('exit code 130');
        expect(terminal.modes).toEqual(RESTORED);
      });
    });

    test('a second Ctrl-C stops at once, also while draining does not end', async () => {
      await staged({ columns: 80, rows: 24 }, async ({ terminal }) => {
        await terminal.until('● streaming');
        terminal.press('C-c', 'C-c');
        await terminal.until('exit code 130');
        expect(terminal.modes).toEqual(RESTORED);
      });
    });

    test('SIGTERM drains, exits with 0 and restores the terminal', async () => {
      await staged({ columns: 80, rows: 24 }, async ({ terminal }) => {
        await terminal.until('● streaming');
        process.kill(terminal.child, 'SIGTERM');
        await terminal.until('exit code 0');
        expect(terminal.modes).toEqual(RESTORED);
      });
    });
  },
);
