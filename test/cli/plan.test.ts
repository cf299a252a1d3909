import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pg2any, type RunOptions } from '../support/program.ts';
import { describeWith, type FreshDatabase, freshDatabase, mariadb, postgres } from '../support/services.ts';
import { mysqlRows, pgRows } from '../support/sql.ts';

const SHOP = `
CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2), factor numeric);
CREATE TABLE log (at timestamptz, what text);
ALTER TABLE log REPLICA IDENTITY FULL;
INSERT INTO orders VALUES (1, 2.50, 0.1);
`;

await describeWith(
  'pg2any plan',
  async () => ({ source: await postgres(18), destination: await mariadb() }),
  (servers) => {
    const folder = mkdtempSync(join(tmpdir(), 'pg2any-plan-'));
    let source: FreshDatabase;
    let destination: FreshDatabase;

    beforeAll(async () => {
      source = await freshDatabase(servers.source);
      destination = await freshDatabase(servers.destination);
      await pgRows(source.url, SHOP);
    });
    afterAll(async () => {
      await run(['teardown', '--env', '--yes']);
      await source.drop();
      await destination.drop();
      rmSync(folder, { recursive: true });
    });

    const run = (words: readonly string[], options: RunOptions = {}) =>
      pg2any(words, {
        cwd: folder,
        ...options,
        env: {
          CDC_SOURCE_URL: source.url,
          CDC_DEST_URL: destination.url,
          CDC_REPLICATION_SLOT: `plan_${process.pid}`,
          ...options.env,
        },
      });
    const plan = async (options: RunOptions = {}) => {
      const { code, stdout } = await run(['plan', '--env', '--json'], options);
      return { code, ...(JSON.parse(stdout) as { blocked: boolean; tables: Planned[] }) };
    };
    type Planned = { table: string; action: string; sql: string[]; problems: { message: string; hint: string }[] };
    const tables = () => mysqlRows(destination.url, 'SHOW TABLES');

    test('prints each column with its mapping and the DDL, and touches nothing', async () => {
      const { code, stdout } = await run(['plan', '--env']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^✔ public\.orders → `orders` {2}to create {2}rows by LOAD DATA LOCAL$/m);
      expect(stdout).toMatch(/^ +id +integer +INT +key$/m);
      expect(stdout).toMatch(/^ +▲ +factor +numeric +DECIMAL\(65,30\)$/m);
      expect(stdout).toMatch(/^ {2}▲ factor: holds 35 digits before the point and 30 after it$/m);
      expect(stdout).toContain('    CREATE TABLE IF NOT EXISTS `orders` (\n      `id` INT NOT NULL,');
      expect(stdout.trim().split('\n').at(-1)).toBe('✔ 2 tables: 2 to create; 2 columns deserve a look');
      expect(await tables()).toEqual([]);
      expect(await pgRows(source.url, 'SELECT 1 FROM pg_publication')).toEqual([]);
    });

    test('names what loses values as such', async () => {
      const env = { CDC_COLUMNS: '{"public.orders.total": {"policy": "null"}}', CDC_TYPES_GEOMETRY: 'native' };
      const { tables } = await plan({ env });
      expect(tables).toMatchObject([
        { table: 'public.log' },
        { columns: [{ column: 'id', key: true, lossy: null }, { lossy: expect.any(String) }, {}] },
      ]);
      expect((await run(['plan', '--env'], { env })).stdout).toMatch(/^ {2}✘ total: loses values: /m);
    });

    test('exits 3 and says what to do where a table cannot be replicated as it is', async () => {
      await mysqlRows(destination.url, 'CREATE TABLE orders (id INT PRIMARY KEY, total DECIMAL(5,1), factor TEXT)');
      const { code, blocked, tables } = await plan();
      expect([code, blocked]).toEqual([3, true]);
      expect(tables[1]).toMatchObject({ table: 'public.orders', action: 'blocked', sql: [] });
      expect(tables[1]?.problems[0]?.message).toContain(
        'column total: its type is decimal(5,1), DECIMAL(10,2) is needed',
      );
      const { stdout } = await run(['plan', '--env']);
      expect(stdout.trim().split('\n').at(-1)).toMatch(/^✘ 2 tables: 1 blocked, 1 to create/);
      await mysqlRows(destination.url, 'DROP TABLE orders');
    });

    test('says which statements would create tables where that is left to the user', async () => {
      const { code, tables } = await plan({ env: { CDC_AUTO_CREATE_TABLES: 'false' } });
      expect(code).toBe(3);
      expect(tables[0]?.problems[0]?.hint).toContain('CREATE TABLE IF NOT EXISTS `log`');
    });

    test('two tables for one place block', async () => {
      await pgRows(source.url, 'CREATE SCHEMA other; CREATE TABLE other.orders (id int PRIMARY KEY)');
      const { code, tables } = await plan({ env: { CDC_SCHEMA_MAPPING: `other:${destination.name}` } });
      expect(code).toBe(3);
      expect(tables.some(({ problems }) => problems.some(({ message }) => message.includes('would share')))).toBe(true);
      await pgRows(source.url, 'DROP SCHEMA other CASCADE');
    });

    describe('of a running pipeline', () => {
      test('keeps what is there, and shows exactly what a change at the source would run', async () => {
        expect((await run(['replicate', '--env', '--until', 'now'])).code).toBe(0);
        expect((await plan()).tables.map(({ action, sql }) => [action, sql])).toEqual([
          ['keep', []],
          ['keep', []],
        ]);
        await pgRows(
          source.url,
          "ALTER TABLE orders ADD COLUMN note text DEFAULT 'new'; ALTER TABLE orders RENAME COLUMN total TO amount",
        );
        const { code, tables } = await plan();
        expect(code).toBe(0);
        const orders = tables.find(({ table }) => table === 'public.orders');
        expect(orders?.action).toBe('alter');
        expect(orders?.sql).toHaveLength(2);
        const before = await mysqlRows(destination.url, 'SHOW CREATE TABLE orders');
        await pgRows(source.url, "INSERT INTO orders VALUES (2, 3.50, 1, 'x')");
        const { stdout } = await run(['replicate', '--env', '--until', 'now', '--json']);
        for (const sql of orders?.sql ?? []) expect(stdout).toContain(JSON.stringify(sql).slice(1, -1));
        expect(await mysqlRows(destination.url, 'SHOW CREATE TABLE orders')).not.toEqual(before);
        expect((await plan()).tables.map(({ action }) => action)).toEqual(['keep', 'keep']);
      });

      test('shows the move of a renamed table, which stays chosen, and check has nothing against it', async () => {
        await pgRows(source.url, 'ALTER TABLE orders RENAME TO sales');
        const env = { CDC_TABLES: 'public.orders,public.log' };
        const { code, tables } = await plan({ env });
        expect(code).toBe(0);
        expect(tables.find(({ table }) => table === 'public.sales')).toMatchObject({
          action: 'alter',
          sql: ['ALTER TABLE `orders` RENAME TO `sales`'],
        });
        expect((await run(['check', '--env'], { env })).code).toBe(0);
        const { stdout } = await run(['verify', '--env'], { env });
        expect(stdout.trim().split('\n').at(-1)).toBe('verify: 2 tables, 2 rows, 0 differences');
      });
    });
  },
);
