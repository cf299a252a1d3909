import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'libsql';
import { expect, test } from 'vitest';
import { built } from '../../support/program.ts';
import { describeWith, type FreshDatabase, freshDatabase, postgres } from '../../support/services.ts';
import { pgRows } from '../../support/sql.ts';
import { Tmux, tmuxVersion } from '../../support/tmux.ts';
import { until } from '../../support/wait.ts';

const RESTORED = { alternate: false, cursor: true, raw: false };

interface Stage {
  readonly terminal: Tmux;
  readonly database: FreshDatabase;
  readonly cwd: string;
  /** What was typed. */
  readonly command: string;
  /** Another terminal of the same kind, once the program of the first has ended. */
  readonly reopen: () => Promise<Tmux>;
}

interface Setting {
  readonly columns: number;
  readonly rows: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly sql?: string;
  /** Of the command line. */
  readonly flag?: string;
  /** Set for it. */
  readonly variable?: string;
}

async function staged(
  { sql, flag = '', variable = '', ...size }: Setting,
  body: (stage: Stage) => Promise<void>,
): Promise<void> {
  const program = await built();
  const server = await postgres(18);
  const database = await freshDatabase(server);
  const cwd = mkdtempSync(join(tmpdir(), 'pg2any-live-'));
  await pgRows(database.url, 'CREATE TABLE orders (id int PRIMARY KEY, note text NOT NULL)');
  await pgRows(database.url, 'CREATE TABLE customers (id int PRIMARY KEY, name text)');
  await pgRows(database.url, `INSERT INTO orders SELECT n, 'before' FROM generate_series(1, 2000) n`);
  if (sql) await pgRows(database.url, sql);
  const config = { source: { url: database.url }, destination: { url: 'sqlite:./shop.sqlite' }, slot: database.name };
  writeFileSync(join(cwd, 'pg2any.yaml'), JSON.stringify({ ...config, publication: database.name }));
  const variables = {
    SOURCE_URL: database.url,
    DEST_URL: 'sqlite:./shop.sqlite',
    REPLICATION_SLOT: database.name,
    PUBLICATION: database.name,
  };
  writeFileSync(
    join(cwd, 'shop.env'),
    Object.entries(variables)
      .map(([name, value]) => `CDC_${name}=${value}\n`)
      .join(''),
  );
  const command = `env ${variable} ${process.execPath} ${program} replicate ${flag}; echo "exit code $?"`;
  const terminals: Tmux[] = [];
  const open = async (): Promise<Tmux> => {
    const before = terminals.at(-1);
    if (before) await before.ended();
    const terminal = new Tmux({ cwd, ...size });
    terminals.push(terminal);
    return terminal;
  };
  try {
    const terminal = await open();
    terminal.type(command);
    await body({ terminal, database, cwd, command, reopen: open });
  } finally {
    for (const terminal of terminals) {
      terminal.close();
      await terminal.ended();
    }
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

    test('a second Ctrl-C stops at once what cannot drain', async () => {
      await staged({ columns: 80, rows: 24 }, async ({ terminal, database, cwd }) => {
        await terminal.until('● streaming');
        const other = new Sqlite(join(cwd, 'shop.sqlite'));
        try {
          other.exec('BEGIN IMMEDIATE');
          await pgRows(database.url, `INSERT INTO customers VALUES (1, 'cannot be written')`);
          await terminal.until(/lag (?!0 s · idle)/);
          terminal.press('C-c');
          await terminal.until('▲ draining');
          terminal.press('C-c');
          // Sooner than a drain gives up.
          await terminal.until('exit code 130', 10_000);
        } finally {
          other.close();
        }
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

    test('an error that nobody caught gives the terminal back, and its report can be read', async () => {
      const bomb = "process.on('SIGUSR2', () => { throw new Error('it broke'); })";
      const environment = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(bomb)}` };
      await staged({ columns: 80, rows: 24, environment }, async ({ terminal }) => {
        await terminal.until('● streaming');
        process.kill(terminal.child, 'SIGUSR2');
        expect(await terminal.until('exit code 1')).toContain('it broke');
        expect(terminal.modes).toEqual(RESTORED);
      });
    });

    test('a terminal that is closed ends the program, and the next one goes on where it was', async () => {
      await staged({ columns: 80, rows: 24 }, async ({ terminal, command, cwd, reopen }) => {
        terminal.type('q');
        await terminal.until('exit code 0');
        // A shell that outlives its terminal to tell how the program ended: by itself, and not of the lost terminal.
        terminal.type(`sh -c 'trap "" HUP; ${command} > code'`);
        await terminal.until('● streaming');
        terminal.close();
        const next = await reopen();
        await until(() => existsSync(join(cwd, 'code')), { what: 'the exit code' });
        expect(readFileSync(join(cwd, 'code'), 'utf8').trim()).toBe('exit code 129');
        next.type(command);
        await next.until('nothing is repeated');
        await next.until('● streaming');
      });
    });

    test('killed at once, it goes on where it was when it is started again in the same terminal', async () => {
      await staged({ columns: 100, rows: 30 }, async ({ terminal, database, cwd, command }) => {
        await terminal.until('● streaming');
        await pgRows(database.url, `INSERT INTO orders SELECT n, 'live' FROM generate_series(2001, 2500) n`);
        await terminal.until(/public\.orders .* 500 /);
        process.kill(terminal.child, 'SIGKILL');
        await terminal.until('exit code 137');
        await pgRows(database.url, `INSERT INTO orders SELECT n, 'meanwhile' FROM generate_series(2501, 2600) n`);
        // It left the terminal raw, where Enter is no end of a line, and on the other screen.
        terminal.paste(`stty sane; tput reset; ${command}`);
        terminal.press('C-j');
        await terminal.until('nothing is repeated');
        await terminal.until(/public\.orders .* 100 /);
        terminal.press('q');
        await terminal.until('exit code 0');
        expect(terminal.modes).toEqual(RESTORED);
        const copy = new Sqlite(join(cwd, 'shop.sqlite'));
        try {
          const notes = copy.prepare('SELECT note, count(*) FROM orders GROUP BY note ORDER BY note').raw().all();
          expect(notes).toEqual([
            ['before', 2000],
            ['live', 500],
            ['meanwhile', 100],
          ]);
        } finally {
          copy.close();
        }
      });
    });

    test('five hundred tables can be paged through and filtered', async () => {
      const create = "EXECUTE format('CREATE TABLE many_%s (id int PRIMARY KEY)', n);";
      const sql = `DO $$ BEGIN FOR n IN 1..500 LOOP ${create} END LOOP; END $$`;
      await staged({ columns: 100, rows: 30, sql }, async ({ terminal }) => {
        await terminal.until('┌ Tables 502');
        await terminal.until('● streaming', 120_000);
        terminal.press('End');
        await terminal.until('-502 of 502');
        terminal.press('/', '4', '2', 'Enter');
        await terminal.until('of 502 /42');
        expect(terminal.text.match(/many_\d*42\d* +streaming/g)).toHaveLength(15);
      });
    });

    test.each([
      ['--no-tui', ''],
      ['--json', ''],
      ['--env shop.env', ''],
      ['', 'CI=true'],
      ['', 'TERM=dumb'],
    ])('with %j and %j there are lines instead', async (flag, variable) => {
      const more = { columns: 100, rows: 30, flag, variable };
      await staged(more, async ({ terminal }) => {
        await terminal.until(/streaming from|"event":"streaming"/);
        expect(terminal.modes).toEqual(RESTORED);
        terminal.press('C-c');
        await terminal.until('exit code 130');
      });
    });

    test('with NO_COLOR no colour is sent', async () => {
      await staged({ columns: 80, rows: 24, environment: { NO_COLOR: '1' } }, async ({ terminal }) => {
        await terminal.until('● streaming');
        expect(terminal.coloured).toBe(terminal.text);
      });
    });
  },
);
