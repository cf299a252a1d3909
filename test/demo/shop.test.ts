import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../../src/demo/load.ts';
import { KINDS, type Mix } from '../../src/demo/mix.ts';
import { createShop, shopTotal } from '../../src/demo/shop.ts';
import { postgres, type SharedServer } from '../support/services.ts';

const TABLES = [
  'audit_log',
  'customers',
  'events',
  'order_items',
  'orders',
  'payments',
  'product_documents',
  'products',
];

describe.each([13, 18] as const)('the shop on PostgreSQL %i', (version) => {
  let server: SharedServer;
  const databases: string[] = [];
  let clients: pg.Client[] = [];

  beforeAll(async () => {
    server = await postgres(version);
    const { client } = await database('seed');
    expect(await createShop(client)).toBe(true);
    await closeAll();
  });

  async function closeAll(): Promise<void> {
    for (const client of clients) await client.end();
    clients = [];
  }

  afterEach(closeAll);

  afterAll(async () => {
    const admin = await connect(server.url);
    for (const name of databases) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await closeAll();
  });

  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client(url);
    clients.push(client);
    await client.connect();
    return client;
  }

  /** A database of its own, empty or a copy of another one. */
  async function database(label: string, template = 'template1'): Promise<{ url: string; client: pg.Client }> {
    const name = `shop_${process.pid}_${label}`;
    databases.push(name);
    await (await connect(server.url)).query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    const url = new URL(server.url);
    url.pathname = name;
    return { url: url.href, client: await connect(url.href) };
  }

  /** A fresh shop. */
  const shop = async (label: string) => await database(label, `shop_${process.pid}_seed`);

  const one = async (client: pg.Client, sql: string): Promise<string> =>
    String(Object.values((await client.query(sql)).rows[0] ?? {})[0]);

  /** Counts and contents of every table. */
  async function state(client: pg.Client): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const table of TABLES)
      found[table] = await one(
        client,
        `SELECT count(*) || ' rows ' || coalesce(sum(('x' || left(md5(t::text), 8))::bit(32)::bigint), 0) FROM ${table} t`,
      );
    return found;
  }

  it('has about 50,000 rows, long documents, a partitioned table and one without a key', async () => {
    const { client } = await shop('contents');
    const counts: number[] = [];
    for (const table of TABLES) counts.push(Number(await one(client, `SELECT count(*) FROM ${table}`)));
    const rows = counts.reduce((a, b) => a + b, 0);
    expect(rows).toBeGreaterThan(45_000);
    expect(rows).toBeLessThan(55_000);
    expect(Math.min(...counts)).toBeGreaterThan(100);
    expect(Number(await one(client, 'SELECT min(octet_length(body)) FROM product_documents'))).toBeGreaterThan(8192);
    const partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass";
    expect(Number(await one(client, partitions))).toBeGreaterThan(3);
    const keyless = `SELECT string_agg(c.relname, ',') FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`;
    expect(await one(client, keyless)).toBe('audit_log');
  });

  it('is created once, the same every time, and then left alone', async () => {
    const [a, b] = [await shop('first'), await database('second')];
    expect(await createShop(b.client)).toBe(true);
    expect(await state(a.client)).toEqual(await state(b.client));
    await a.client.query('DELETE FROM customers WHERE id = 1');
    expect(await createShop(a.client)).toBe(false);
    expect(await one(a.client, 'SELECT count(*) FROM customers')).toBe('4999');
  });

  it('keeps its money constant under a load that is the same for the same seed', async () => {
    const [a, b, c] = [await shop('seed_7'), await shop('seed_7_again'), await shop('seed_8')];
    const before = await shopTotal(a.client);
    const load = { ratePerSecond: 4000, seconds: Number.POSITIVE_INFINITY, rows: 3000 };
    for (const { url, seed } of [
      { url: a.url, seed: 7 },
      { url: b.url, seed: 7 },
      { url: c.url, seed: 8 },
    ])
      await runLoad({ ...load, url, seed });
    expect(await state(a.client)).toEqual(await state(b.client));
    expect(await state(a.client)).not.toEqual(await state(c.client));
    for (const { client } of [a, b, c]) expect(await shopTotal(client)).toBe(before);
  });

  it('keeps its money constant for a reader of any moment', async () => {
    const { url, client } = await shop('reader');
    const before = await shopTotal(client);
    const seen: string[] = [];
    const done = runLoad({ url, ratePerSecond: 4000, seconds: Number.POSITIVE_INFINITY, rows: 4000, seed: 3 });
    let running = true;
    void done.finally(() => {
      running = false;
    });
    while (running) seen.push(await shopTotal(client));
    await done;
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen)).toEqual(new Set([before]));
  });

  it('changes keys, moves rows between partitions and leaves long documents alone', async () => {
    const { url, client } = await shop('variety');
    await client.query('CREATE TABLE seen (what text)');
    await client.query(`CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO seen VALUES (TG_ARGV[0]); RETURN NEW; END $$`);
    const watch = async (what: string, table: string, when: string) =>
      await client.query(
        `CREATE TRIGGER "${what}" AFTER UPDATE ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION note('${what}')`,
      );
    await watch('item key', 'order_items', 'OLD.line_no <> NEW.line_no');
    await watch('document key', 'product_documents', 'OLD.id <> NEW.id AND OLD.body = NEW.body');
    await watch('document left alone', 'product_documents', 'OLD.id = NEW.id AND OLD.body = NEW.body');
    await watch('document rewritten', 'product_documents', 'OLD.body <> NEW.body');
    await watch('keyless', 'audit_log', 'OLD.* IS DISTINCT FROM NEW.*');
    const moved = `SELECT count(*) FROM events WHERE id <= 6000
      AND occurred_at <> timestamptz '2026-01-01 00:00+00' + id * interval '1 hour 27 minutes 36.000789 seconds'`;
    expect(await one(client, moved)).toBe('0');
    await runLoad({ url, ratePerSecond: 8000, seconds: Number.POSITIVE_INFINITY, rows: 8000, seed: 5 });
    const { rows } = await client.query<{ what: string }>('SELECT DISTINCT what FROM seen ORDER BY 1');
    expect(rows.map(({ what }) => what)).toEqual([
      'document key',
      'document left alone',
      'document rewritten',
      'item key',
      'keyless',
    ]);
    expect(Number(await one(client, moved))).toBeGreaterThan(0);
  });

  it.each<Mix>([
    { insert: 60, update: 30, delete: 10 },
    { insert: 10, update: 80, delete: 10 },
    { insert: 0, update: 100, delete: 0 },
  ])('keeps to the mix $insert/$update/$delete', async (mix) => {
    const { url } = await shop(`mix_${mix.insert}`);
    const load = { url, ratePerSecond: 4000, seconds: Number.POSITIVE_INFINITY, rows: 2000, mix };
    const { changes, rows } = await runLoad(load);
    for (const kind of KINDS) expect(Math.abs(changes[kind] / rows - mix[kind] / 100)).toBeLessThan(0.02);
  });

  it('can load the same database twice, and ends when it is told to', async () => {
    const { url } = await shop('twice');
    const load = { url, ratePerSecond: 4000, seconds: Number.POSITIVE_INFINITY, rows: 1000, seed: 1 };
    await runLoad(load);
    const stop = new AbortController();
    let last = 0;
    const again = await runLoad({
      ...load,
      rows: 1_000_000,
      signal: stop.signal,
      onProgress: ({ rows }) => {
        last = rows;
        stop.abort();
      },
    });
    expect(again.rows).toBe(last);
    expect(again.rows).toBeGreaterThan(100);
    expect(again.rows).toBeLessThan(1_000_000);
  });
});
