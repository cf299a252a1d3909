import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../../src/demo/load.ts';
import { createShop } from '../../src/demo/shop.ts';
import type { VerifyResult } from '../../src/verify/result.ts';
import { type Outcome, pg2any } from '../support/program.ts';
import { type FreshDatabase, freshDatabase, postgres } from '../support/services.ts';

const TABLES = 8;

describe('pg2any verify of a copy that somebody has changed', () => {
  let folder = '';
  let source: FreshDatabase;
  let env: Record<string, string> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pg2any-verify-'));
    source = await freshDatabase(await postgres());
    const client = new pg.Client(source.url);
    await client.connect();
    await createShop(client);
    await client.end();
    env = {
      CDC_SOURCE_URL: source.url,
      CDC_DEST_URL: `sqlite:${join(folder, 'copy.sqlite')}`,
      CDC_REPLICATION_SLOT: source.name,
      CDC_PUBLICATION: source.name,
    };
    expect(await pg2any(['replicate', '--env', '--until', 'now'], { env })).toMatchObject({ code: 0 });
  });

  afterAll(async () => {
    await source?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Changes the copy behind pg2any's back. */
  function tamper(sql: string): void {
    const copy = new Database(join(folder, 'copy.sqlite'));
    copy.exec('PRAGMA busy_timeout = 10000');
    copy.exec(sql);
    copy.close();
  }

  const verify = async (more: readonly string[] = []): Promise<Outcome & { result: VerifyResult }> => {
    const outcome = await pg2any(['verify', '--env', '--json', ...more], { env });
    return { ...outcome, result: JSON.parse(outcome.stdout) };
  };

  it('finds nothing while nobody has', async () => {
    const { code, result } = await verify();
    expect(code).toBe(0);
    expect(result).toMatchObject({ differences: 0, complete: true, rows: 50_300 });
    expect(result.tables).toHaveLength(TABLES);
  });

  it('names what was changed, removed and added, and nothing else, also under load', async () => {
    tamper(`UPDATE products SET price = '0.01', name = 'cheap' WHERE id = 990;
      DELETE FROM order_items WHERE order_id = 17 AND line_no = 1;
      INSERT INTO customers SELECT 999999, public_id, name, email, country, birthday, active, balance, tags, preferences,
        last_ip, member_for, created_at FROM customers WHERE id = 1;
      DELETE FROM audit_log WHERE rowid IN (SELECT rowid FROM audit_log LIMIT 1);`);
    const stop = new AbortController();
    const running = pg2any(['replicate', '--env', '--json'], {
      env,
      onStart: (child) => stop.signal.addEventListener('abort', () => child.kill('SIGTERM')),
    });
    // Everything the load touches lies elsewhere or is written anew; what was tampered with must stay visible.
    const load = runLoad({
      url: source.url,
      ratePerSecond: 500,
      seconds: 300,
      mix: { insert: 1, update: 0, delete: 0 },
      signal: stop.signal,
    });
    const { code, result } = await verify();
    stop.abort();
    expect((await load).rows).toBeGreaterThan(100);
    expect(await running).toMatchObject({ code: 0 });
    expect(code).toBe(3);
    expect(result).toMatchObject({ differences: 4, complete: true, caughtUp: true });
    const examples = result.tables.flatMap(({ table, examples }) => examples.map((example) => ({ table, ...example })));
    expect(examples).toHaveLength(4);
    expect(examples).toContainEqual({
      table: 'public.products',
      kind: 'different',
      key: { id: '990' },
      columns: [
        { column: 'name', source: expect.stringContaining('990'), destination: 'cheap' },
        { column: 'price', source: expect.stringMatching(/^\d+\.\d\d$/), destination: '0.01' },
      ],
    });
    expect(examples).toContainEqual({
      table: 'public.order_items',
      kind: 'missing',
      key: { order_id: '17', line_no: '1' },
      columns: [],
    });
    expect(examples).toContainEqual({ table: 'public.customers', kind: 'extra', key: { id: '999999' }, columns: [] });
    expect(examples).toContainEqual(expect.objectContaining({ table: 'public.audit_log', kind: 'missing' }));
  });

  it('says so when what differs may only be late', async () => {
    await runLoad({ url: source.url, ratePerSecond: 500, seconds: 60, rows: 50, seed: 9 });
    const { code, result } = await verify(['--table', 'public.events', '--table', 'public.orders']);
    expect(code).toBe(3);
    expect(result.caughtUp).toBe(false);
    expect(result.tables.map(({ table }) => table).sort()).toEqual(['public.events', 'public.orders']);
  });
});
