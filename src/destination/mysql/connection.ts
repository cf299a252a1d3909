import { type Connection, createConnection, type QueryOptions, type SslOptions } from 'mysql2';
import type { Cell } from '../contract.ts';
import type { Address } from './address.ts';
import { isWithoutTls, mysqlError } from './errors.ts';

/** What a statement that returns no rows says. */
export interface Outcome {
  readonly affectedRows: number;
  readonly warningStatus: number;
}

/**
 * The full list, because the server's own may hold NO_BACKSLASH_ESCAPES (which breaks the driver's escaping) or lack
 * strictness (which turns infinity into 0000-00-00).
 */
const SQL_MODE = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO,ERROR_FOR_DIVISION_BY_ZERO';

/** The network timeouts are for a reader that is slower than the server, such as a scan that waits for its consumer. */
const SETTINGS = [
  'SET NAMES utf8mb4',
  `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00', autocommit = 1,
    net_write_timeout = 600, net_read_timeout = 600, wait_timeout = 86400, lock_wait_timeout = 120`,
];

function tlsOptions({ sslMode, ca }: Address): SslOptions | undefined {
  if (sslMode === 'disabled') return undefined;
  return {
    ...(ca === null ? {} : { ca }),
    rejectUnauthorized: sslMode.startsWith('verify'),
    verifyIdentity: sslMode === 'verify-identity',
  };
}

/** Logs in and sets the session up. `preferred` goes on without TLS where the server has none. */
export async function connect(address: Address, connectTimeoutMs: number): Promise<Connection> {
  const ssl = tlsOptions(address);
  let connection: Connection;
  try {
    connection = await login(address, connectTimeoutMs, ssl).catch((error: unknown) => {
      if (address.sslMode !== 'preferred' || !isWithoutTls(error)) throw error;
      return login(address, connectTimeoutMs, undefined);
    });
  } catch (error) {
    throw mysqlError(error, address.shown);
  }
  try {
    for (const setting of SETTINGS) await outcome(connection, setting, connectTimeoutMs);
    await strictInnodb(connection, connectTimeoutMs);
    return connection;
  } catch (error) {
    connection.destroy();
    throw mysqlError(error, address.shown);
  }
}

/** What the driver writes its packets with. */
export interface Writer {
  write(packet: Buffer): void;
}

const EMPTY_PACKET = 4;

/**
 * The driver ends every load with one empty packet that all its connections share, and writes the connection's sequence
 * number into it. While it waits in one socket's buffer another load would change it, and the first server would wait
 * for ever: each connection sends a copy of its own.
 */
export function ownPackets(connection: Writer): void {
  const write = connection.write.bind(connection);
  connection.write = (packet) => write(packet.length === EMPTY_PACKET ? Buffer.from(packet) : packet);
}

function login(address: Address, connectTimeout: number, ssl: SslOptions | undefined): Promise<Connection> {
  const { host, port, user, password, database } = address;
  const connection = createConnection({
    host,
    port,
    user,
    password,
    database,
    connectTimeout,
    charset: 'utf8mb4',
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    rowsAsArray: true,
    // updates of one row each, many to a packet
    multipleStatements: true,
    // statements come with their values: the driver would look through each for question marks
    queryFormat: (sql) => sql,
    // every value as the server's own text: the driver would round and shift
    typeCast: (field) => field.string('utf8'),
    ...(ssl ? { ssl } : {}),
  });
  ownPackets(connection as unknown as Writer);
  return new Promise((resolve, reject) => {
    // stays for good: a connection that breaks while idle must not end the process
    connection.on('error', reject);
    connection.connect((error) => {
      if (!error) return resolve(connection);
      connection.destroy();
      reject(error);
    });
  });
}

/** Setting it needs a privilege on MySQL, and it is on by default. */
async function strictInnodb(connection: Connection, timeoutMs: number): Promise<void> {
  const [row] = await rows(connection, 'SELECT @@innodb_strict_mode', timeoutMs);
  if (row?.[0] !== '1') await outcome(connection, 'SET SESSION innodb_strict_mode = ON', timeoutMs);
}

type Asked = Omit<QueryOptions, 'sql' | 'timeout' | 'values'>;

/** One statement. `timeoutMs` 0: as long as it takes. Rejects with the driver's error. */
function query(connection: Connection, sql: string, timeoutMs: number, more: Asked): Promise<unknown> {
  const options: QueryOptions = { sql, ...more, ...(timeoutMs > 0 ? { timeout: timeoutMs } : {}) };
  return new Promise((resolve, reject) => {
    connection.query(options, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** A statement that returns no rows. */
const outcome = async (connection: Connection, sql: string, timeoutMs: number) =>
  (await query(connection, sql, timeoutMs, {})) as Outcome;

/** What the driver asks for the file that the server asks for. */
export type FileFactory = NonNullable<QueryOptions['infileStreamFactory']>;

/** Several statements that return no rows, in one packet. */
export async function outcomes(
  connection: Connection,
  statements: readonly string[],
  timeoutMs: number,
  file?: FileFactory,
) {
  const more = file ? { infileStreamFactory: file } : {};
  const result = await query(connection, statements.join(';\n'), timeoutMs, more);
  return (Array.isArray(result) ? result : [result]) as readonly Outcome[];
}

/** A statement that returns rows. */
export const rows = async (connection: Connection, sql: string, timeoutMs: number) =>
  (await query(connection, sql, timeoutMs, {})) as readonly (readonly Cell[])[];
