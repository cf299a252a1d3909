import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { built } from '../../support/program.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, postgres } from '../../support/services.ts';
import { mysqlRows, pgRows } from '../../support/sql.ts';
import { Tmux, tmuxVersion } from '../../support/tmux.ts';

const SHOP = `
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, born date);
CREATE TABLE orders (id bigint PRIMARY KEY, customer int, total numeric(10,2), placed timestamptz DEFAULT now());
CREATE TABLE audit_log (at timestamptz, what text);
INSERT INTO customers SELECT i, 'customer ' || i, '1980-01-01' FROM generate_series(1, 300) i;
INSERT INTO orders SELECT i, i % 300, i * 1.5 FROM generate_series(1, 2000) i;
ANALYZE;
`;

interface Stage {
  readonly terminal: Tmux;
  readonly source: FreshDatabase;
  readonly destination: FreshDatabase;
  readonly cwd: string;
  /** Another terminal in the same folder, with pg2any started in it. */
  readonly again: () => Promise<Tmux>;
}

const SIZE = { columns: 100, rows: 34 };

async function staged(sql: string, body: (stage: Stage) => Promise<void>, size = SIZE): Promise<void> {
  const program = await built();
  const source = await freshDatabase(await postgres(18));
  const destination = await freshDatabase(await mariadb());
  const cwd = mkdtempSync(join(tmpdir(), 'pg2any-wizard-'));
  await pgRows(source.url, sql);
  const terminals: Tmux[] = [];
  const again = async (): Promise<Tmux> => {
    const terminal = new Tmux({ cwd, ...size });
    terminals.push(terminal);
    terminal.type(`clear; ${process.execPath} ${program}; echo "exit code $?"`);
    return terminal;
  };
  try {
    await body({ terminal: await again(), source, destination, cwd, again });
  } finally {
    for (const terminal of terminals) {
      terminal.close();
      await terminal.ended();
    }
    await source.drop();
    await destination.drop();
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** A URL as it is pasted, then Enter once it stands there. */
async function answer(terminal: Tmux, title: string, url: string): Promise<void> {
  await terminal.until(new RegExp(`◆ +${title}`));
  terminal.paste(url);
  await terminal.until(new URL(url).pathname);
  terminal.press('Enter');
}

async function connect({ terminal, source, destination }: Stage): Promise<void> {
  await answer(terminal, 'Source', source.url);
  await answer(terminal, 'Destination', destination.url);
  await terminal.until(/◆ +Tables +\d+ of \d+ selected/);
}

const slots = async (url: string): Promise<number> =>
  (await pgRows(url, 'SELECT 1 FROM pg_replication_slots WHERE database = current_database()')).length;

await describeWith(
  'the wizard in a real terminal',
  async () => await Promise.all([tmuxVersion(), postgres(18), mariadb()]),
  () => {
    test('leads a newcomer from an empty folder to streaming, with a fix on the way', async () => {
      await staged(SHOP, async (stage) => {
        const { terminal, source, destination, cwd } = stage;
        await connect(stage);
        expect(terminal.text).toMatch(/❯ ◼ public\.audit_log .* ▲ no key: updates would fail/);
        expect(terminal.text).toMatch(/◇ +Source +postgres:\/\/.* PostgreSQL 18\.\d+ · .* ms/);
        terminal.press('Enter');
        await terminal.until(/◆ +Names[\s\S]*will be created[\s\S]*will be created/);
        terminal.press('Enter');
        await terminal.until(/✘ public\.audit_log has no replica identity/);
        terminal.press('f');
        await terminal.until('Run this at the source now?');
        expect(terminal.text).toContain('ALTER TABLE "public"."audit_log" REPLICA IDENTITY FULL;');
        terminal.press('y');
        await terminal.until('The fix was run; checked again.');
        await terminal.until(/◆ +Preflight +\d+ warnings? ·/);
        terminal.press('Enter');
        await terminal.until(/◆ +Mapping +3 tables/);
        terminal.press('Down', 's');
        await terminal.until(/public\.customers as it would be stored[\s\S]*customer 1 +customer 2 +customer 3/);
        terminal.press('Enter');
        await terminal.until(/◆ +Options/);
        terminal.press('Enter');
        await terminal.until('CREATE PUBLICATION');
        expect(await slots(source.url)).toBe(0);
        expect(await mysqlRows(destination.url, 'SHOW TABLES')).toEqual([]);
        terminal.press('Enter');
        await terminal.until('Write pg2any.yaml');
        terminal.press('y');
        await terminal.until(/◆ +Start now\?/);
        for (const name of ['pg2any.yaml', '.env']) expect(statSync(join(cwd, name)).mode & 0o777).toBe(0o600);
        expect(readFileSync(join(cwd, 'pg2any.yaml'), 'utf8')).not.toContain(new URL(destination.url).password || '\0');
        expect(await slots(source.url)).toBe(0);
        terminal.press('y');
        await terminal.until('● streaming', 60_000);
        expect(await mysqlRows(destination.url, 'SELECT count(*) AS n FROM orders')).toEqual([['2000']]);
        terminal.press('q');
        await terminal.until('exit code 0');
        expect(terminal.modes).toEqual({ alternate: false, cursor: true, raw: false });
      });
    });
  },
);
