import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pg2any, type RunOptions } from '../support/program.ts';
import { describeWith, type FreshDatabase, freshDatabase, postgres } from '../support/services.ts';
import { pgRows, pgValue } from '../support/sql.ts';

const PASSWORD = "pä/ss#wörd'9";

const SHOP = `
CREATE TABLE orders (id int PRIMARY KEY, "Total" numeric(10,2), note text);
INSERT INTO orders SELECT i, i * 1.5, 'note ' || i FROM generate_series(1, 500) i;
CREATE TABLE log (at timestamptz, what text);
ALTER TABLE log REPLICA IDENTITY FULL;
INSERT INTO log SELECT now(), 'x' FROM generate_series(1, 20);
`;

type Line = { readonly type?: string; readonly event?: string; readonly [key: string]: unknown };
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

await describeWith(
  'the commands on PostgreSQL and SQLite',
  () => postgres(18),
  (server) => {
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-cli-'));
    const file = join(folder, 'copy.db');
    const role = `cli_${process.pid}`;
    let database: FreshDatabase;
    let seen = '';

    beforeAll(async () => {
      database = await freshDatabase(server);
      await pgRows(database.url, SHOP);
      await pgRows(database.url, `CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`);
    });

    afterAll(async () => {
      await run(['teardown', '--env', '--yes']);
      await database.drop();
      await pgRows(server.url, `DROP ROLE ${role}`);
      rmSync(folder, { recursive: true });
    });

    const env = () => {
      const { hostname, port } = new URL(server.url);
      return {
        CDC_SOURCE_URL: `postgres://${role}:${encodeURIComponent(PASSWORD)}@${hostname}:${port}/${database.name}`,
        CDC_DEST_URL: `sqlite:${file}`,
        CDC_REPLICATION_SLOT: `cli_${process.pid}`,
      };
    };

    async function run(words: readonly string[], options: RunOptions = {}) {
      const outcome = await pg2any(words, { cwd: folder, ...options, env: { ...env(), ...options.env } });
      seen += outcome.stdout + outcome.stderr;
      return outcome;
    }

    test('check finds nothing that blocks, and says so', async () => {
      const { code, stdout } = await run(['check', '--env']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Source {2}PostgreSQL 18/m);
      expect(stdout).toMatch(/^Destination {2}SQLite/m);
      expect(stdout).toMatch(/^✔ Nothing blocks replication, \d+ warnings?, \d+ fine$/m);
      const json = JSON.parse((await run(['check', '--env', '--json'])).stdout);
      expect(json).toMatchObject({ blocked: false, source: { findings: expect.any(Array) } });
    });

    test('check exits 3 when something blocks, and prints the statement that mends it', async () => {
      await pgRows(database.url, 'CREATE TABLE keyless (a int)');
      const { code, stdout } = await run(['check', '--env']);
      expect(code).toBe(3);
      expect(stdout).toContain('fix  ALTER TABLE "public"."keyless" REPLICA IDENTITY FULL;');
    });

    test('replicate does not start where its publication would break updates at the source', async () => {
      const { code, stderr } = await run(['replicate', '--env', '--until', 'now']);
      expect(code).toBe(3);
      expect(stderr).toContain('ALTER TABLE "public"."keyless" REPLICA IDENTITY FULL;');
      expect(await pgRows(database.url, 'SELECT 1 FROM pg_publication')).toEqual([]);
      await pgRows(database.url, 'DROP TABLE keyless');
    });

    test('discover lists tables with size, key and identity, also without a destination', async () => {
      const { code, stdout } = await run(['discover', '--env', '--json'], { env: { CDC_DEST_URL: '' } });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).tables).toMatchObject([
        { table: 'public.log', key: [], replicaIdentity: 'full', identityProblem: null, typeProblems: [] },
        {
          table: 'public.orders',
          key: ['id'],
          replicaIdentity: 'default',
          columns: [{ name: 'id', type: 'integer', notNull: true }, {}, {}],
        },
      ]);
      expect((await run(['discover', '--env'])).stdout).toMatch(/Total \(numeric\(10,2\) as TEXT\)/);
    });

    test('verify before any replication is a usage error', async () => {
      expect(await run(['verify', '--env'])).toMatchObject({ code: 2, stdout: '' });
    });

    test('replicate --until now copies, tells it on stderr, and exits 0', async () => {
      const { code, stdout, stderr } = await run(['replicate', '--env', '--until', 'now']);
      expect([code, stdout]).toEqual([0, '']);
      expect(stderr).toMatch(/^\d\d:\d\d:\d\d ✔ stopped at .* 520 rows copied/m);
    });

    test('verify exits 0 when both sides are equal, and the last line counts', async () => {
      const { code, stdout } = await run(['verify', '--env']);
      expect(code).toBe(0);
      expect(stdout.trim().split('\n').at(-1)).toBe('verify: 2 tables, 520 rows, 0 differences');
      const json = JSON.parse((await run(['verify', '--env', '--json'])).stdout);
      expect(json).toMatchObject({
        differences: 0,
        rows: 520,
        tables: [{ table: 'public.log' }, { table: 'public.orders', rows: 500 }],
      });
    });

    test('with --json every line is an object told apart by its type, changes included', async () => {
      await pgRows(database.url, "UPDATE orders SET note = 'changed' WHERE id <= 7");
      const { code, stdout, stderr } = await run(['replicate', '--env', '--until', 'now', '--json']);
      expect([code, stderr]).toEqual([0, '']);
      const types = new Set(lines(stdout).map((line) => line.type));
      expect([...types].every((type) => ['finding', 'event', 'status', 'end'].includes(String(type)))).toBe(true);
      expect(lines(stdout).at(-1)).toMatchObject({
        type: 'end',
        phase: 'stopped',
        totals: { updates: 7 },
      });
      expect((await run(['verify', '--env', '--table', 'orders'])).stdout).toContain(
        'verify: 1 tables, 500 rows, 0 differences',
      );
    });

    test('a difference is named with key and column, and exits 3', async () => {
      const { default: Database } = await import('libsql');
      const copy = new Database(file);
      copy.exec('UPDATE orders SET "Total" = \'0.01\' WHERE id = 12; DELETE FROM orders WHERE id = 13');
      copy.close();
      const { code, stdout } = await run(['verify', '--env']);
      expect(code).toBe(3);
      expect(stdout).toContain('id = "12"  differs\n      Total: "18.00" at the source, "0.01" at the destination');
      expect(stdout).toContain('id = "13"  only at the source');
    });

    const untilStreaming = (signal: NodeJS.Signals, times = 1) => ({
      onLine: (line: string, child: { kill(name: NodeJS.Signals): boolean }) => {
        if (line.includes('"event":"streaming"')) for (let i = 0; i < times; i++) child.kill(signal);
      },
    });

    test('SIGTERM drains and exits 0, with the slot released', async () => {
      const { code, stdout } = await run(['replicate', '--env', '--json'], untilStreaming('SIGTERM'));
      expect(code).toBe(0);
      expect(lines(stdout).at(-1)?.type).toBe('end');
      expect(
        await pgValue(database.url, `SELECT active FROM pg_replication_slots WHERE slot_name = 'cli_${process.pid}'`),
      ).toBe('f');
    });

    test('Ctrl-C drains and exits 130', async () => {
      const { code, stdout } = await run(['replicate', '--env', '--json'], untilStreaming('SIGINT'));
      expect(code).toBe(130);
      expect(lines(stdout).at(-1)?.type).toBe('end');
    });

    test('config show names every origin and masks the password', async () => {
      writeFileSync(join(folder, 'shop.yaml'), 'batch: { rows: 77 }\n');
      const { code, stdout } = await run(['config', 'show', '--config', 'shop.yaml', '--slot', 'mine']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^source\.password +\*\*\* +CDC_SOURCE_URL in the environment$/m);
      expect(stdout).toMatch(/^slot +mine +--slot$/m);
      expect(stdout).toMatch(/^batch\.rows +77 +batch\.rows in shop\.yaml, line 1$/m);
      expect(stdout).toMatch(/^failover +false +default$/m);
    });

    test('an unreachable source exits 4 after the start-up time, an unreachable destination 5', async () => {
      const nobody = {
        CDC_SOURCE_URL: `postgres://${role}:${encodeURIComponent(PASSWORD)}@127.0.0.1:1/shop`,
        CDC_STARTUP_TIMEOUT: '100ms',
      };
      for (const command of [['check'], ['discover'], ['verify'], ['replicate', '--until', 'now']]) {
        expect((await run([...command, '--env'], { env: nobody })).code).toBe(4);
      }
      const nowhere = { CDC_DEST_URL: `sqlite:${folder}/no/such/folder.db`, CDC_STARTUP_TIMEOUT: '100ms' };
      expect((await run(['check', '--env'], { env: nowhere })).code).toBe(5);
      expect((await run(['replicate', '--env', '--until', 'now'], { env: nowhere })).code).toBe(5);
    });

    test('a wrong password exits 4 at once and is not shown', async () => {
      const wrong = { CDC_SOURCE_URL: env().CDC_SOURCE_URL.replace(/:[^:@]+@/, ':wr0ng-passw0rd@') };
      const { code, stderr } = await run(['replicate', '--env'], { env: wrong });
      expect(code).toBe(4);
      expect(stderr).toContain('SOURCE_AUTH');
      expect(stderr).not.toContain('wr0ng');
    });

    test('teardown asks on a terminal only, removes everything with --yes, and then finds nothing', async () => {
      expect(await run(['teardown', '--env'])).toMatchObject({ code: 2, stdout: '' });
      expect(await pgValue(database.url, 'SELECT count(*) FROM pg_publication')).toBe('1');
      const { code, stdout } = await run(['teardown', '--env', '--yes']);
      expect(code).toBe(0);
      expect(stdout.match(/^✔ removed /gm)).toHaveLength(3);
      expect(await pgValue(database.url, 'SELECT count(*) FROM pg_publication')).toBe('0');
      expect(
        await pgRows(database.url, `SELECT 1 FROM pg_replication_slots WHERE slot_name = 'cli_${process.pid}'`),
      ).toEqual([]);
      const again = await run(['teardown', '--env', '--yes', '--json']);
      expect(JSON.parse(again.stdout)).toEqual({ removed: [], kept: [] });
    });

    test('teardown clears the source also when the destination is out of reach, says so and exits 5', async () => {
      await run(['replicate', '--env', '--until', 'now', '--slot', `cli_other_${process.pid}`]);
      const gone = { CDC_DEST_URL: `sqlite:${folder}/no/such/folder.db` };
      const words = ['teardown', '--env', '--yes', '--slot', `cli_other_${process.pid}`];
      const { code, stdout, stderr } = await run(words, { env: gone });
      expect(code).toBe(5);
      expect(stdout).toContain(`removed replication slot cli_other_${process.pid}`);
      expect(stderr).toContain('DESTINATION_UNSUITABLE');
    });

    test('teardown keeps a publication that pg2any did not make', async () => {
      await pgRows(database.url, 'CREATE PUBLICATION theirs FOR TABLE orders');
      const { stdout } = await run(['teardown', '--env', '--yes', '--publication', 'theirs']);
      expect(stdout).toContain('kept publication theirs, which pg2any did not create');
      expect(await pgValue(database.url, 'SELECT count(*) FROM pg_publication')).toBe('1');
    });

    test('a slot that vanished although there is a checkpoint exits 6', async () => {
      await run(['replicate', '--env', '--until', 'now']);
      await pgRows(database.url, `SELECT pg_drop_replication_slot('cli_${process.pid}')`);
      const { code, stderr } = await run(['replicate', '--env', '--until', 'now']);
      expect(code).toBe(6);
      expect(stderr).toContain('SLOT_MISSING');
    });

    test('no secret appeared in any of this output', () => {
      expect(seen.length).toBeGreaterThan(5000);
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'wr0ng-passw0rd'])
        expect(seen).not.toContain(secret);
    });
  },
);
