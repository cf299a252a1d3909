import { randomBytes } from 'node:crypto';
import { describe, inject, it } from 'vitest';
import {
  type EmbeddedOptions,
  type EmbeddedPostgres,
  type PostgresVersion,
  startEmbeddedPostgres,
} from '../../src/demo/embedded-postgres.ts';
import { askBroker } from './broker.ts';
import { startMariadb } from './mariadb.ts';
import { startMysql } from './mysql.ts';
import type { PrivateMysql } from './mysql-family.ts';
import type { SharedServer } from './shared-servers.ts';
import { mysqlRows, pgRows } from './sql.ts';

export type { SharedServer } from './shared-servers.ts';

/** Servers shared by the whole run, started when first asked for. */
export const postgres = (version: PostgresVersion = 18): Promise<SharedServer> =>
  askBroker(inject('broker'), `postgres-${version}`);
export const mariadb = (): Promise<SharedServer> => askBroker(inject('broker'), 'mariadb');
export const mysql = (): Promise<SharedServer> => askBroker(inject('broker'), 'mysql');

/** Servers of one test alone, to stop, kill and restart. Call stop() at the end. */
export const privatePostgres = (options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ ...options, settings: { fsync: 'off', ...options.settings } });
export const privateMariadb = (flags: readonly string[] = []): Promise<PrivateMysql> => startMariadb(flags);
export const privateMysql = (flags: readonly string[] = []): Promise<PrivateMysql> => startMysql(flags);

export interface FreshDatabase {
  readonly name: string;
  readonly url: string;
  /** With its slots and whoever is still connected. */
  drop(): Promise<void>;
}

/** An empty database with a name of its own. */
export async function freshDatabase(server: { readonly url: string }): Promise<FreshDatabase> {
  const name = `t_${process.pid}_${randomBytes(4).toString('hex')}`;
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const relational = url.protocol.startsWith('postgres');
  if (relational) await pgRows(server.url, `CREATE DATABASE ${name}`);
  else await mysqlRows(server.url, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const drop = () => (relational ? dropPostgres(server.url, name) : mysqlRows(server.url, `DROP DATABASE ${name}`));
  return { name, url: url.href, drop: async () => void (await drop()) };
}

async function dropPostgres(url: string, name: string): Promise<void> {
  // Each statement alone: DROP DATABASE refuses to run inside the transaction that a list of statements is.
  const slots = `FROM pg_replication_slots WHERE database = '${name}'`;
  await pgRows(url, `SELECT pg_terminate_backend(active_pid) ${slots} AND active`);
  const deadline = Date.now() + 10_000;
  while ((await pgRows(url, `SELECT 1 ${slots} AND active`)).length > 0 && Date.now() < deadline);
  await pgRows(url, `SELECT pg_drop_replication_slot(slot_name) ${slots}`);
  await pgRows(url, `DROP DATABASE ${name} WITH (FORCE)`);
}

/**
 * A suite that needs a server. Where it cannot start, the suite is skipped, loudly and counted; with CI=true that is
 * a failure. Use it with `await` at the top level of the test file.
 */
export async function describeWith<T>(
  title: string,
  start: () => Promise<T>,
  body: (server: T) => void,
): Promise<void> {
  let server: T;
  try {
    server = await start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env.CI === 'true') throw error;
    console.error(`\n*** SKIPPED: ${title}: ${reason}\n`);
    describe(title, () => it.skip(`everything: ${reason.split('\n')[0]}`));
    return;
  }
  describe(title, () => body(server));
}
