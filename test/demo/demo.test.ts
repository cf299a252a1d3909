import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, pg2any } from '../support/program.ts';
import { describeWith, freshDatabase, mariadb, mysql } from '../support/services.ts';
import { mysqlRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

const SHORT = ['--seconds', '3', '--rate', '1500'];
const LAST = /^verify: 8 tables, \d+ rows, 0 differences$/;
const TABLES = 'audit_log customers events order_items orders payments product_documents products'.split(' ');
/** The money of the seed; see sql/demo/invariant.sql. */
const TOTAL = 17_642_425;
const MONEY = 'SELECT (SELECT sum(balance) FROM customers) + (SELECT sum(amount) FROM payments) AS total';

const lines = ({ stdout }: Outcome): string[] => stdout.trimEnd().split('\n');
const rowsOf = (outcome: Outcome): number => Number(/, (\d+) rows/.exec(lines(outcome).at(-1) ?? '')?.[1]);

function expectSuccess({ code, stdout, stderr }: Outcome, attempt: string): void {
  expect(code, `${attempt} run:\n${stdout}${stderr}`).toBe(0);
  expect(stderr, attempt).toBe('');
}

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('pg2any demo', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pg2any demo '));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('copies, crashes, resumes and proves the copy equal, twice in a row and without a terminal', async () => {
    for (const attempt of ['first', 'second']) {
      const outcome = await pg2any(['demo', ...SHORT], { cwd: folder });
      expectSuccess(outcome, attempt);
      expect(lines(outcome).at(-1)).toMatch(LAST);
      expect(outcome.stdout).toMatch(/kill -9 \d+/);
      expect(outcome.stdout).toMatch(/started again: resum/);
      expect(Math.max(...lines(outcome).map((line) => line.length))).toBeLessThanOrEqual(80);
      const copy = new Database(join(folder, 'demo/shop.sqlite'), { readonly: true });
      const count = TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
      expect(copy.prepare(`SELECT ${count} AS n`).get()).toMatchObject({ n: rowsOf(outcome) });
      expect((copy.prepare(MONEY).get() as { total: number }).total).toBeCloseTo(TOTAL, 2);
      expect(copy.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'pg2any%'").all()).toEqual([]);
      copy.close();
    }
  }, 120_000);

  it.each([
    ['while the tables are copied', /PostgreSQL \d+ started/],
    ['under load', /rows changed at the source/],
    ['while no replicator runs', /kill -9/],
  ])('ends everything it started on Ctrl-C %s', async (_, when) => {
    let sent = false;
    const outcome = await pg2any(['demo', ...SHORT], {
      cwd: folder,
      onLine: (line, child) => {
        if (sent || !when.test(line)) return;
        sent = true;
        child.kill('SIGINT');
      },
    });
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(130);
    expect(outcome.stdout).toContain('interrupted');
    for (const [, pid] of outcome.stdout.matchAll(/pid (\d+)/g)) expect(runs(Number(pid))).toBe(false);
    const port = /port (\d+)/.exec(outcome.stdout)?.[1];
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });

  it('leaves no process behind when it is killed itself', async () => {
    let pid = 0;
    const outcome = await pg2any(['demo', ...SHORT], {
      cwd: folder,
      onLine: (line, child) => {
        pid ||= Number(/has pid (\d+)/.exec(line)?.[1] ?? 0);
        if (pid > 0) child.kill('SIGKILL');
      },
    });
    expect(outcome.signal, outcome.stdout + outcome.stderr).toBe('SIGKILL');
    await until(() => !runs(pid), { what: 'the end of the replicator' });
  });

  it('says what is wrong with a destination, and leaves with its exit code', async () => {
    const url = 'mysql://nobody:geheim@127.0.0.1:1/shop';
    const outcome = await pg2any(['demo', '--destination', url], { cwd: folder });
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(5);
    expect(outcome.stdout + outcome.stderr).toMatch(/127\.0\.0\.1/);
    expect(outcome.stdout + outcome.stderr).not.toContain('geheim');
  });
});

for (const [name, start] of [
  ['MariaDB', mariadb],
  ['MySQL', mysql],
] as const)
  await describeWith(`pg2any demo into ${name}`, start, (server) => {
    it('does the same against a real server, twice, and leaves only the copy there', async () => {
      const database = await freshDatabase(server);
      try {
        for (const attempt of ['first', 'second']) {
          const outcome = await pg2any(['demo', ...SHORT, '--destination', database.url]);
          expectSuccess(outcome, attempt);
          expect(lines(outcome).at(-1)).toMatch(LAST);
          const [total] = await mysqlRows(database.url, MONEY);
          expect(Number(Object.values(total ?? {})[0])).toBeCloseTo(TOTAL, 2);
        }
        const tables = await mysqlRows(database.url, 'SHOW TABLES');
        expect(tables.map((row) => Object.values(row)[0]).sort()).toEqual(TABLES);
      } finally {
        await database.drop();
      }
    }, 120_000);
  });
