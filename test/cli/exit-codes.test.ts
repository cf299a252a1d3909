import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/model/error-codes.ts';
import { EXIT, EXIT_CODES } from '../../src/model/exit-codes.ts';
import { pg2any, type RunOptions } from '../support/program.ts';
import { describeWith, type FreshDatabase, freshDatabase, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';
import { until } from '../support/wait.ts';

const documented = EXIT_CODES.flatMap(([codes]) => codes.split(', ').map(Number)).sort((a, b) => a - b);

test('every exit code is documented once, in the help and in docs/configuration.md', async () => {
  expect(documented).toEqual([...Object.values(EXIT), 129, 130, 143].sort((a, b) => a - b));
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const { stdout } = await pg2any(['--help'], { env: { COLUMNS: '100' } });
  for (const [codes, meaning] of EXIT_CODES) {
    expect(page).toContain(`| ${codes} | ${meaning} |`);
    expect(stdout).toMatch(new RegExp(`^  ${codes} +${meaning.replaceAll(/[()]/g, '\\$&')}$`, 'm'));
  }
});

test('every error ends with one of them', () => {
  for (const { exit } of Object.values(ERROR_CODES)) expect(documented).toContain(exit);
});

await describeWith(
  'each exit code, from a run that ends with it',
  () => postgres(18),
  (server) => {
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-exit-'));
    const slot = `exit_${process.pid}`;
    const seen = new Set<number | null>();
    let database: FreshDatabase;

    beforeAll(async () => {
      database = await freshDatabase(server);
      await pgRows(database.url, 'CREATE TABLE orders (id int PRIMARY KEY, note text)');
    });

    afterAll(async () => {
      await database.drop();
      rmSync(folder, { recursive: true });
    });

    const copy = { CDC_SNAPSHOT: 'initial' };
    const nobody = () => ({ CDC_SOURCE_URL: database.url.replace(/@[^/]+/, '@127.0.0.1:1') });
    const nowhere = { CDC_DEST_URL: `sqlite:${folder}/no/such/folder.db` };

    async function run(words: readonly string[], env: RunOptions['env'] = {}, options: RunOptions = {}) {
      const own = {
        CDC_SOURCE_URL: database.url,
        CDC_DEST_URL: `sqlite:${folder}/copy.db`,
        CDC_REPLICATION_SLOT: slot,
        CDC_STARTUP_TIMEOUT: '100ms',
        XDG_RUNTIME_DIR: folder,
        TMPDIR: folder,
      };
      const { code } = await pg2any(words, { cwd: folder, ...options, env: { ...own, ...env } });
      seen.add(code);
      return code;
    }

    const sql = (text: string) => pgRows(database.url, text);

    test('0: done', async () => {
      expect(await run(['replicate', '--env', '--until', 'now'], copy)).toBe(EXIT.ok);
    });

    test('1: failure', async () => {
      expect(await run(['live', '--env'])).toBe(EXIT.failure);
    });

    test('2: usage', async () => {
      expect(await run(['replicate', '--nonsense'])).toBe(EXIT.usage);
    });

    test('3: findings', async () => {
      await sql('CREATE TABLE keyless (a int)');
      expect(await run(['check', '--env', '--slot', `${slot}_new`, '--publication', 'new'])).toBe(EXIT.findings);
      await sql('DROP TABLE keyless');
    });

    test('4 and 5: a server is out of reach', async () => {
      for (const command of [['check'], ['plan'], ['status'], ['verify'], ['teardown', '--yes'], ['replicate']]) {
        expect([command[0], await run([...command, '--env'], nobody())]).toEqual([command[0], EXIT.source]);
      }
      for (const command of [['check'], ['plan'], ['status'], ['verify'], ['replicate']]) {
        expect([command[0], await run([...command, '--env'], nowhere)]).toEqual([command[0], EXIT.destination]);
      }
      expect(await run(['discover', '--env'], nobody())).toBe(EXIT.source);
    });

    test('129, 130 and 143: a comparison is cut short by a signal', async () => {
      // Nobody replicates: the comparison waits for the destination to come this far.
      await sql("INSERT INTO orders VALUES (1, 'not there yet')");
      const connected = async () =>
        (await sql("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pg2any'"))
          .length > 0;
      for (const [signal, code] of [
        ['SIGHUP', 129],
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const) {
        const onStart: RunOptions['onStart'] = (child) => void until(connected).then(() => child.kill(signal));
        expect([signal, await run(['verify', '--env'], {}, { onStart })]).toEqual([signal, code]);
        await until(async () => !(await connected()));
      }
    });

    test('7: stopped by a rule', async () => {
      await sql("ALTER TABLE orders ADD later int; INSERT INTO orders VALUES (2, 'x', 1)");
      const rule = { CDC_SCHEMA_CHANGES: 'stop' };
      expect(await run(['replicate', '--env', '--until', 'now'], rule)).toBe(EXIT.policy);
    });

    test('6: the slot is lost', async () => {
      await sql(`SELECT pg_drop_replication_slot('${slot}')`);
      expect(await run(['replicate', '--env', '--until', 'now'])).toBe(EXIT.slotLost);
      expect(await run(['status', '--env'])).toBe(EXIT.slotLost);
    });

    test('none is documented that no run ends with, and the other way round', () => {
      expect([...seen].sort((a, b) => Number(a) - Number(b))).toEqual(documented);
    });
  },
);
