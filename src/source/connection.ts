import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { Pg2anyError } from '../model/error.ts';
import type { SourceOptions } from '../model/source.ts';
import { sourceError } from './errors.ts';

/** Distinctive, so that no synchronous_standby_names entry matches it by accident. */
export const APPLICATION_NAME = 'pg2any';

/**
 * pgoutput and COPY text depend on session settings, which roles and databases can override: pinned on every
 * connection, and checked after connecting. https://www.postgresql.org/docs/current/runtime-config-client.html
 */
const PINNED: Readonly<Record<string, string>> = {
  timezone: 'UTC',
  datestyle: 'ISO,YMD',
  intervalstyle: 'iso_8601',
  extra_float_digits: '3',
  bytea_output: 'hex',
  lc_monetary: 'C',
  xmloption: 'content',
  search_path: '',
};

/** Timeouts that would cut a long copy or an idle control connection; keepalives free what a dead peer holds. */
const SESSION: Readonly<Record<string, string>> = {
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
};

const CHECKED =
  "SELECT current_setting('timezone') AS tz, current_setting('datestyle') AS ds, current_setting('intervalstyle') AS iv, current_setting('extra_float_digits') AS fd, current_setting('bytea_output') AS ba";

const asText = { getTypeParser: () => (value: string | Buffer) => String(value) } as unknown as pg.CustomTypesConfig;

function startupOptions(extra: Readonly<Record<string, string>>): string {
  const all = { ...PINNED, ...SESSION, ...extra };
  return Object.entries(all)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

function tls(options: SourceOptions): boolean | ConnectionOptions {
  if (options.sslMode === 'disable' || options.host.startsWith('/')) return false;
  const ca = options.sslRootCert ? { ca: readFileSync(options.sslRootCert, 'utf8') } : {};
  if (options.sslMode === 'verify-full') return { ...ca, rejectUnauthorized: true };
  if (options.sslMode === 'verify-ca') return { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return { ...ca, rejectUnauthorized: false };
}

/** The settings for `pg.Client`. Values come back as PostgreSQL's text, never through a number or a Date. */
export function clientConfig(options: SourceOptions, extra: Readonly<Record<string, string>> = {}): pg.ClientConfig {
  return {
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password ?? '',
    ssl: tls(options),
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: APPLICATION_NAME,
    options: startupOptions(extra),
    types: asText,
  };
}

async function connectOnce(options: SourceOptions, config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // Without a listener a connection lost while idle would end the process; the next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => undefined);
    const refusedTls = error instanceof Error && error.message.includes('does not support SSL');
    if (refusedTls && options.sslMode === 'prefer') return await connectOnce(options, { ...config, ssl: false });
    throw sourceError(error, `connect to PostgreSQL at ${options.host}:${options.port}/${options.database}`);
  }
}

/** A pooler in between may drop the startup options: values would then change their text silently. */
export async function assertPinned(client: pg.Client): Promise<void> {
  const row = (await client.query<Record<'tz' | 'ds' | 'iv' | 'fd' | 'ba', string>>(CHECKED)).rows[0];
  const pinned =
    row && row.tz === 'UTC' && row.ds.startsWith('ISO') && row.iv === 'iso_8601' && row.fd === '3' && row.ba === 'hex';
  if (pinned) return;
  throw new Pg2anyError('SOURCE_UNSUITABLE', `the source ignored our session settings (${JSON.stringify(row)})`, {
    hint: 'Connect to PostgreSQL directly: a connection pooler in between drops the startup options.',
  });
}

/** A normal connection for catalog and copy. */
export async function connectSource(options: SourceOptions): Promise<pg.Client> {
  const client = await connectOnce(options, clientConfig(options));
  try {
    const version = await client.query<{ v: string }>("SELECT current_setting('server_version_num') AS v");
    if (Number(version.rows[0]?.v) >= 140000) await client.query('SET idle_session_timeout = 0');
    await assertPinned(client);
    return client;
  } catch (error) {
    void client.end().catch(() => undefined);
    throw sourceError(error, 'set up the source session');
  }
}

/** `prefer` settled by what the first connection got, so that further ones need not try. */
export function settledTls(options: SourceOptions, client: pg.Client): SourceOptions {
  if (options.sslMode !== 'prefer') return options;
  const stream = (client as unknown as { connection: { stream: { encrypted?: boolean } } }).connection.stream;
  return { ...options, sslMode: stream.encrypted ? 'require' : 'disable' };
}

/** Extra startup settings of a replication connection; `version` decides which exist. */
export function replicationSettings(version: number, senderTimeoutMs: number): Record<string, string> {
  const idle: Record<string, string> = version >= 140000 ? { idle_session_timeout: '0' } : {};
  return { ...idle, wal_sender_timeout: `${senderTimeoutMs}ms` };
}

/** A replication connection for slot commands (not for streaming). */
export async function connectReplication(options: SourceOptions, version: number): Promise<pg.Client> {
  const config = { ...clientConfig(options, replicationSettings(version, 60_000)), replication: 'database' };
  return await connectOnce(options, config as pg.ClientConfig);
}
