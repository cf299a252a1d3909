import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Plan } from '../../src/preflight/facts.ts';
import { inspectSource } from '../../src/preflight/preflight.ts';
import { connectSource } from '../../src/source/connection.ts';
import { queryOn } from '../../src/source/query.ts';
import { loadSql } from '../../src/source/sql.ts';
import { describeWith, privatePostgres } from '../support/services.ts';

const BAD = `
CREATE TABLE good (id int PRIMARY KEY, t text);
CREATE TABLE "No Key" (a int, "b""c" text);
CREATE TABLE unique_not_null (a int NOT NULL, CONSTRAINT "Un,ique" UNIQUE (a));
CREATE TABLE deferred (a int PRIMARY KEY DEFERRABLE);
CREATE TABLE nothing (a int PRIMARY KEY);
ALTER TABLE nothing REPLICA IDENTITY NOTHING;
CREATE TABLE lost_index (a int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX lost_index_a ON lost_index (a);
ALTER TABLE lost_index REPLICA IDENTITY USING INDEX lost_index_a;
DROP INDEX lost_index_a;
CREATE UNLOGGED TABLE fleeting (a int PRIMARY KEY);
CREATE TABLE computed (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE guarded (a int PRIMARY KEY);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TABLE parts (a int PRIMARY KEY) PARTITION BY RANGE (a);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE VIEW looked AS SELECT * FROM good;
CREATE ROLE "Re""pl" LOGIN PASSWORD 'pw-repl';
GRANT CONNECT ON DATABASE shop TO "Re""pl";
`;

const NAMES = [
  'good',
  'No Key',
  'unique_not_null',
  'deferred',
  'nothing',
  'lost_index',
  'computed',
  'guarded',
  'parts',
];
const PLAN: Plan = {
  slot: 'pg2any_shop',
  publication: 'Shop, "Pub"',
  tables: [...NAMES, 'fleeting', 'looked', 'absent'].map((name) => `public.${name}`),
  snapshot: 'initial',
  failover: true,
  origin: 'any',
  applicationName: 'pg2any',
};

const keys = (findings: readonly Finding[]) =>
  findings
    .filter((one) => one.severity !== 'ok')
    .map((one) => [one.severity, one.check, one.table?.slice(7)].filter(Boolean).join(' '));

/** The test server gets these on its command line. */
const SETTINGS = { wal_level: 'replica', max_replication_slots: '1', synchronous_standby_names: '' };

const start = (version: 15 | 18) => () => privatePostgres({ version, settings: SETTINGS });

for (const version of [15, 18] as const)
  await describeWith(`a badly prepared PostgreSQL ${version}`, start(version), (server) => {
    let admin: pg.Client;

    const connect = async (url: string) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    };

    const shopUrl = () => Object.assign(new URL(server.url), { pathname: '/shop' }).href;

    beforeAll(async () => {
      const first = await connect(server.url);
      await first.query('CREATE DATABASE shop');
      await first.query("SELECT pg_create_physical_replication_slot('other')");
      await first.end();
      admin = await connect(shopUrl());
      await admin.query(BAD);
    }, 120_000);

    afterAll(async () => {
      await admin?.end().catch(() => undefined);
      await server.stop();
    });

    async function look(plan: Plan = PLAN): Promise<readonly Finding[]> {
      const url = new URL(server.url);
      const options = {
        host: url.hostname,
        port: Number(url.port),
        database: 'shop',
        user: 'Re"pl',
        password: 'pw-repl',
      };
      const client = await connectSource({
        ...options,
        sslMode: 'disable',
        sslRootCert: null,
        connectTimeoutMs: 5000,
        queryTimeoutMs: 5000,
      });
      try {
        return await inspectSource(plan, { query: queryOn(client), sql: loadSql });
      } finally {
        await client.end();
      }
    }

    const sqlOf = (findings: readonly Finding[]) => [
      ...new Set(findings.filter((one) => one.severity !== 'ok').flatMap((one) => one.fix?.sql ?? [])),
    ];
    const failover = version < 17 ? ['warn failover'] : [];
    const noKey = ['No Key', 'unique_not_null', 'deferred', 'nothing', 'lost_index'];
    const mended: Plan = { ...PLAN, tables: PLAN.tables?.filter((name) => !/looked|absent/.test(name)) ?? null };

    test('every problem is found, and every fix that is SQL mends it', async () => {
      const found = await look();
      const expected = [
        'block wal_level',
        'block role',
        'block max_replication_slots',
        'warn max_slot_wal_keep_size',
        ...failover,
        'block publication',
        'block table_exists absent',
        'block table_kind fleeting',
        'block table_kind looked',
        ...NAMES.map((name) => `block select ${name}`),
        ...noKey.map((name) => `block replica_identity ${name}`),
        'block row_security guarded',
        'warn generated_columns computed',
        'warn partitions parts',
      ];
      expect(keys(found).sort()).toEqual(expected.sort());

      const publicationLast = sqlOf(found).sort(
        (a, b) => Number(a.startsWith('CREATE')) - Number(b.startsWith('CREATE')),
      );
      for (const sql of publicationLast) await admin.query(sql);
      await restart();
      const left = await look(mended);
      // Whole rows are the identity of last resort, and one table only now is in the WAL at all.
      const lastResort = ['No Key', 'deferred', 'lost_index'].map((name) => `warn replica_identity ${name}`);
      const unavoidable = [...failover, ...lastResort, 'warn generated_columns computed', 'warn partitions parts'];
      expect(keys(left).sort()).toEqual([...unavoidable, 'block select fleeting'].sort());
      for (const sql of sqlOf(left.filter((one) => one.check === 'select'))) await admin.query(sql);
      expect(keys(await look(mended)).sort()).toEqual(unavoidable.sort());
    }, 60_000);

    test('a publication that leaves things out is found and mended', async () => {
      const name = '"Shop, ""Pub"""';
      await admin.query(`ALTER PUBLICATION ${name} SET (publish = 'insert', publish_via_partition_root = false)`);
      await admin.query(`ALTER PUBLICATION ${name} DROP TABLE good`);
      const before = await look(mended);
      const publication = (findings: readonly Finding[]) => keys(findings).filter((key) => key.includes('publi'));
      expect(publication(before)).toEqual([
        'warn publication_operations',
        'block publication_tables good',
        'block publish_via_partition_root',
      ]);
      expect(before.find((one) => one.check === 'publication_operations')?.message).toContain(
        'update, delete, truncate',
      );
      for (const sql of sqlOf(before.filter((one) => one.check.includes('publi')))) await admin.query(sql);
      expect(publication(await look(mended))).toEqual([]);
    });

    test('a slot of another kind, another database, and a good one are told apart', async () => {
      const slot = async () => (await look(mended)).find((one) => one.check === 'slot');
      expect((await slot())?.message).toContain('does not exist yet');
      await admin.query("SELECT pg_create_physical_replication_slot('pg2any_shop')");
      expect(await slot()).toMatchObject({ severity: 'block', message: expect.stringContaining('is a physical slot') });
      await admin.query("SELECT pg_drop_replication_slot('pg2any_shop')");
      const other = await connect(server.url);
      await other.query("SELECT pg_create_logical_replication_slot('pg2any_shop', 'pgoutput')");
      await other.end();
      expect(await slot()).toMatchObject({
        severity: 'block',
        message: expect.stringContaining('belongs to database'),
      });
      await admin.query("SELECT pg_drop_replication_slot('pg2any_shop')");
      await admin.query("SELECT pg_create_logical_replication_slot('pg2any_shop', 'pgoutput')");
      expect(await slot()).toMatchObject({
        severity: 'ok',
        message: 'replication slot pg2any_shop exists and is free',
      });
    });

    test('a lost slot is found, and its fix drops it', async () => {
      await admin.query("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
      await restart();
      await admin.query('CREATE TABLE filler (t text)');
      for (let i = 0; i < 40 && !(await lost()); i++) {
        await admin.query('INSERT INTO filler SELECT repeat(md5(i::text), 100) FROM generate_series(1, 5000) i');
        await admin.query('SELECT pg_switch_wal()');
        await admin.query('CHECKPOINT');
      }
      const finding = (await look(mended)).find((one) => one.check === 'slot');
      expect(finding).toMatchObject({ severity: 'block', message: expect.stringContaining('was invalidated') });
      for (const sql of finding?.fix?.sql ?? []) await admin.query(sql);
      expect((await look(mended)).find((one) => one.check === 'slot')?.severity).toBe('ok');
    }, 120_000);

    async function lost(): Promise<boolean> {
      const { rows } = await admin.query("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'pg2any_shop'");
      return rows[0]?.wal_status === 'lost';
    }

    /** The test server gets its settings on the command line, where they would hide what ALTER SYSTEM wrote. */
    async function restart(): Promise<void> {
      const sql = "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf'";
      const { rows } = await admin.query<{ name: string; setting: string }>(sql);
      await admin.end();
      await server.restart('fast', Object.fromEntries(rows.map((row) => [row.name, row.setting])));
      admin = await connect(shopUrl());
    }
  });
