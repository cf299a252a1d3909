import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
        terminal.press('Down', 'Down', 's');
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

    test('goes back with Esc through every step, leaves with Ctrl-C, changes nothing, and offers its answers again', async () => {
      await staged(SHOP.replace('audit_log (', 'audit_log (id int PRIMARY KEY, '), async (stage) => {
        const { terminal, source, destination, cwd, again } = stage;
        await connect(stage);
        for (const step of ['Names', 'Preflight', 'Mapping', 'Options', 'Review']) {
          terminal.press('Enter');
          await terminal.until(new RegExp(`◆ +${step}`));
          if (step === 'Names') await terminal.until('will be created');
          if (step === 'Preflight' || step === 'Mapping') await terminal.until(new RegExp(`◆ +${step} .*\\d`));
        }
        await terminal.until('CREATE PUBLICATION');
        for (const step of ['Options', 'Mapping', 'Preflight', 'Names', 'Tables', 'Destination', 'Source']) {
          terminal.press('Escape');
          await terminal.until(new RegExp(`◆ +${step}`));
        }
        terminal.press('C-c');
        await terminal.until('exit code 130');
        expect(terminal.modes).toEqual({ alternate: false, cursor: true, raw: false });
        expect(terminal.text).not.toContain(new URL(source.url).password || '\0');
        expect(await slots(source.url)).toBe(0);
        expect(await pgRows(source.url, 'SELECT 1 FROM pg_publication')).toEqual([]);
        expect(await mysqlRows(destination.url, 'SHOW TABLES')).toEqual([]);
        expect(readdirSync(cwd)).toEqual(['.pg2any-draft.json']);
        expect(readFileSync(join(cwd, '.pg2any-draft.json'), 'utf8')).not.toContain(new URL(destination.url).password);
        const next = await again();
        await next.until('You were here before');
        next.press('Enter');
        await next.until(new URL(source.url).pathname);
      });
    });

    test('finds tables among five hundred, and takes those that were chosen', async () => {
      const create = "EXECUTE format('CREATE TABLE many_%s (id int PRIMARY KEY)', n);";
      const sql = `DO $$ BEGIN FOR n IN 1..500 LOOP ${create} END LOOP; END $$`;
      await staged(sql, async (stage) => {
        const { terminal } = stage;
        await connect(stage);
        await terminal.until('500 of 500 selected');
        terminal.press('a');
        await terminal.until('0 of 500 selected');
        terminal.press('/', '4', '2', '0');
        await terminal.until(/\/420[\s\S]*❯ ◻ public\.many_420 /);
        expect(terminal.text.match(/public\.many_\d+/g)).toHaveLength(1);
        terminal.press('Enter', 'Space');
        await terminal.until('1 of 500 selected');
        terminal.press('Enter');
        await terminal.until(/◇ +Tables +1 of 500 selected/);
      });
    });

    test('is a menu where there is a configuration, which leads to the command', async () => {
      await staged(SHOP, async ({ terminal, source, cwd, again }) => {
        await terminal.until('enter connect');
        terminal.press('C-c');
        await terminal.until('exit code 130');
        const secret = new URL(source.url).password;
        writeFileSync(
          join(cwd, 'pg2any.yaml'),
          JSON.stringify({ source: { url: source.url }, destination: { url: 'sqlite:./c.sqlite' } }),
        );
        const next = await again();
        const menu = await next.until('tear down');
        expect(menu).not.toContain(secret || '\0');
        next.press('Down', 'Down');
        await next.until('❯ check');
        next.press('Enter');
        await next.until('exit code 3');
        expect(next.text).toContain('problem blocks replication');
      });
    });

    test('a terminal is given back when the program is told to end', async () => {
      await staged(SHOP, async ({ terminal }) => {
        await terminal.until('enter connect');
        process.kill(terminal.child, 'SIGTERM');
        await terminal.until('exit code');
        expect(terminal.modes).toEqual({ alternate: false, cursor: true, raw: false });
      });
    });
  },
);
