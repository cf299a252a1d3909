import pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/demo/embedded-postgres.ts';
import { type Lsn, parseLsn } from '../../src/model/lsn.ts';
import { MemoryServer } from './memory-destination.ts';
import type { Setup } from './pipeline.ts';

/** A PostgreSQL of the test file's own, a destination in memory, and a new slot and table `t` for every test. */
export interface SourceFixture {
  server: EmbeddedPostgres;
  memory: MemoryServer;
  slot: string;
  sql(text: string): Promise<Record<string, string>[]>;
  /** A new connection for `sql`, after the server was restarted. */
  reconnect(): Promise<void>;
  /** `user` replaces the superuser in the URL as `name:password`. */
  setup(more?: Partial<Setup>, user?: string): Setup;
  confirmed(): Promise<Lsn>;
}

export function sourceFixture(prefix: string, options: EmbeddedOptions = {}): SourceFixture {
  let client: pg.Client;
  let count = 0;
  const fixture: SourceFixture = {
    server: undefined as unknown as EmbeddedPostgres,
    memory: new MemoryServer(),
    slot: '',
    sql: async (text) => (await client.query(text)).rows,
    reconnect: async () => {
      client = new pg.Client(fixture.server.url);
      client.on('error', () => undefined);
      await client.connect();
    },
    setup: (more = {}, user) => ({
      source: as(fixture.server.url, user),
      open: () => fixture.memory.open(),
      slot: fixture.slot,
      ...more,
    }),
    confirmed: async () => {
      const rows = await fixture.sql(
        `SELECT confirmed_flush_lsn::text AS l FROM pg_replication_slots WHERE slot_name = '${fixture.slot}'`,
      );
      return parseLsn(rows[0]?.l ?? '0/0');
    },
  };
  beforeAll(async () => {
    fixture.server = await startEmbeddedPostgres({
      ...options,
      settings: { fsync: 'off', max_replication_slots: '100', ...options.settings },
    });
    await fixture.reconnect();
  }, 120_000);
  afterAll(async () => {
    await client.end().catch(() => undefined);
    await fixture.server.stop('immediate');
  });
  beforeEach(async () => {
    count += 1;
    fixture.slot = `${prefix}_${count}`;
    fixture.memory = new MemoryServer();
    await fixture.sql('DROP TABLE IF EXISTS t CASCADE; CREATE TABLE t (id int PRIMARY KEY, v text)');
  });
  return fixture;
}

function as(url: string, user: string | undefined): string {
  if (!user) return url;
  const other = new URL(url);
  [other.username, other.password] = user.split(':') as [string, string];
  return other.href;
}
