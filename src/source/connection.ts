import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { Pg2anyError } from '../model/error.ts';
import type { SourceOptions } from '../model/source.ts';
import { sourceError } from './errors.ts';
import { hangUp, socketOf } from './hang-up.ts';
import { queryOn } from './query.ts';
import type { Query } from './types.ts';

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

function rootCert(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Pg2anyError('CONFIG_INVALID', `could not read sslrootcert: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** As libpq: `require` with an authority to trust is `verify-ca`. */
function tls(options: SourceOptions): boolean | ConnectionOptions {
  const { sslMode, sslRootCert, host } = options;
  if (sslMode === 'disable' || host.startsWith('/')) return false;
  const ca = sslRootCert ? { ca: rootCert(sslRootCert) } : {};
  if (sslMode === 'verify-full') return { ...ca, rejectUnauthorized: true };
  if (sslMode === 'verify-ca' || (sslMode === 'require' && sslRootCert))
    return { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  return { rejectUnauthorized: false };
}

/** The settings for `pg.Client`. Values come back as PostgreSQL's text, never through a number or a Date. */
export function clientConfig(options: SourceOptions, extra: Readonly<Record<string, string>> = {}): pg.ClientConfig {
  const ssl = tls(options);
  return {
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    password: options.password ?? '',
    ssl,
    // SCRAM then proves that nobody sits in between, also where the certificate is not checked.
    enableChannelBinding: ssl !== false,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: APPLICATION_NAME,
    options: startupOptions(extra),
    types: asText,
  };
}

/** The server has no TLS, or pg_hba.conf wants us without it. */
const REFUSED_TLS = /does not support SSL|no pg_hba\.conf entry/;

async function connectOnce(options: SourceOptions, config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // Without a listener a connection lost while idle would end the process; the next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void hangUp(client);
    const refused = error instanceof Error && REFUSED_TLS.test(error.message);
    if (refused && config.ssl && options.sslMode === 'prefer')
      return await connectOnce(options, { ...config, ssl: false, enableChannelBinding: false });
    throw sourceError(error, `connect to PostgreSQL at ${options.host}:${options.port}/${options.database}`);
  }
}

/** A pooler in between may drop the startup options: values would then change their text silently. */
export async function assertPinned(query: Query): Promise<void> {
  const row = (await query(CHECKED))[0];
  const pinned =
    row?.tz === 'UTC' && row.ds?.startsWith('ISO') && row.iv === 'iso_8601' && row.fd === '3' && row.ba === 'hex';
  if (pinned) return;
  throw new Pg2anyError('SOURCE_UNSUITABLE', `the source ignored our session settings (${JSON.stringify(row)})`, {
    hint: 'Connect to PostgreSQL directly: a connection pooler in between drops the startup options.',
  });
}

/** SQL_ASCII is no encoding: the server passes bytes on as they are. */
export async function isUnencoded(query: Query): Promise<boolean> {
  return (await query("SELECT current_setting('server_encoding') AS encoding"))[0]?.encoding === 'SQL_ASCII';
}

/** A normal connection for catalog and copy. */
export async function connectSource(options: SourceOptions): Promise<pg.Client> {
  const client = await connectOnce(options, clientConfig(options));
  try {
    const query = queryOn(client, 'set up the source session');
    const version = (await query("SELECT current_setting('server_version_num') AS v"))[0]?.v;
    if (Number(version) >= 140000) await query('SET idle_session_timeout = 0');
    await assertPinned(query);
    return client;
  } catch (error) {
    void hangUp(client);
    throw error;
  }
}

/** `prefer` settled by what the first connection got, so that further ones need not try. */
export function settledTls(options: SourceOptions, client: pg.Client): SourceOptions {
  if (options.sslMode !== 'prefer') return options;
  return { ...options, sslMode: socketOf(client).encrypted ? 'require' : 'disable', sslRootCert: null };
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
