import { isIP } from 'node:net';
import { type BulkLoad, Connection, type ConnectionAuthentication, Request, TYPES } from 'tedious';
import { Pg2anyError } from '../../model/error.ts';
import type { Cell } from '../contract.ts';
import type { Address } from './address.ts';
import { sqlServerError, withNumber } from './errors.ts';
import { type Endpoint, open } from './socket.ts';

/** What a request says: rows matched by its statements together, and the rows of its SELECTs. */
export interface Outcome {
  readonly count: number;
  readonly rows: readonly (readonly Cell[])[];
}

/** A parameter as the driver takes it. */
export interface Parameter {
  readonly type: keyof typeof TYPES;
  /** For text and bytes, so that one statement has one plan. */
  readonly length?: number;
  readonly value: unknown;
}

/**
 * XACT_ABORT: whatever fails takes its transaction with it. The others are what indexes over computed columns ask for,
 * and what turns a value that does not fit into an error.
 * https://learn.microsoft.com/sql/t-sql/statements/set-statements-transact-sql
 */
const SETTINGS = `SET XACT_ABORT ON; SET ARITHABORT ON; SET ANSI_NULLS ON; SET ANSI_PADDING ON; SET ANSI_WARNINGS ON;
SET CONCAT_NULL_YIELDS_NULL ON; SET NUMERIC_ROUNDABORT OFF; SET QUOTED_IDENTIFIER ON; SET IMPLICIT_TRANSACTIONS OFF;
SET DATEFORMAT ymd; SET LOCK_TIMEOUT 120000; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;`;

function authenticationOf(address: Address): ConnectionAuthentication {
  const { user, password, clientId, tenantId } = address;
  const client = clientId === null ? {} : { clientId };
  switch (address.authentication) {
    case 'sql':
      return { type: 'default', options: { userName: user, password } };
    case 'entra-default':
      return { type: 'azure-active-directory-default', options: client };
    case 'entra-msi':
      return { type: 'azure-active-directory-msi-vm', options: client };
    case 'entra-token':
      return { type: 'azure-active-directory-access-token', options: { token: password } };
    case 'entra-service-principal':
      return {
        type: 'azure-active-directory-service-principal-secret',
        options: { clientId: clientId ?? user, clientSecret: password, tenantId: tenantId ?? '' },
      };
  }
}

/** Logs in and sets the session up. `name` is shown as the program's name at the server. */
export async function connect(address: Address, connectTimeoutMs: number, name: string): Promise<Connection> {
  const connection = new Connection({
    server: address.host,
    authentication: authenticationOf(address),
    options: {
      ...(address.port === null ? { instanceName: address.instance ?? '' } : { port: address.port }),
      database: address.database,
      encrypt: address.encrypt,
      trustServerCertificate: address.trustServerCertificate,
      // an address is no name of a TLS server, and where nothing is checked any name will do
      ...(address.trustServerCertificate && isIP(address.host) ? { serverName: 'sqlserver' } : {}),
      ...(address.ca === null ? {} : { cryptoCredentialsDetails: { ca: address.ca } }),
      connectTimeout: connectTimeoutMs,
      // the session has a watchdog of its own, which also covers what the driver's does not
      requestTimeout: 0,
      maxRetriesOnTransientErrors: 0,
      abortTransactionOnError: true,
      appName: name,
      packetSize: 32_767,
      connector: connectorTo(address),
    },
  });
  try {
    await login(connection);
    await batch(connection, SETTINGS);
    return connection;
  } catch (error) {
    connection.close();
    throw sqlServerError(error, address.shown);
  }
}

/** The driver says where to (the server may have sent us on), whatever its types say. */
function connectorTo({ host, port, encrypt, shown }: Address) {
  const own: Endpoint = { host, port: port ?? 1433 };
  return (to: Endpoint = own) => open(to, encrypt === true, shown);
}

function login(connection: Connection): Promise<void> {
  let number: number | null = null;
  // stays for good: a connection that breaks while idle must not end the process
  connection.on('error', () => undefined);
  connection.on('errorMessage', (message: { readonly number?: number }) => {
    number ??= message.number ?? null;
  });
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(withNumber(error, number)) : resolve()));
  });
}

const text = (value: unknown): Cell => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return value instanceof Date ? value.toISOString() : String(value);
};

export const cells = (columns: readonly { readonly value: unknown }[]): readonly Cell[] =>
  columns.map(({ value }) => text(value));

function ask(send: (request: Request) => void, sql: string, parameters: readonly Parameter[]): Promise<Outcome> {
  const rows: (readonly Cell[])[] = [];
  return new Promise((resolve, reject) => {
    const request = new Request(sql, (error, count) => (error ? reject(error) : resolve({ count: count ?? 0, rows })));
    request.on('row', (columns: readonly { readonly value: unknown }[]) => rows.push(cells(columns)));
    parameters.forEach(({ type, value, length }, i) => {
      request.addParameter(`p${i + 1}`, TYPES[type], value, length === undefined ? {} : { length });
    });
    send(request);
  });
}

/** Statements as they are: temporary tables and settings live on. Rejects with the driver's error. */
export const batch = (connection: Connection, sql: string): Promise<Outcome> =>
  ask((request) => connection.execSqlBatch(request), sql, []);

/** Statements with parameters `@p1`, `@p2` …, whose plan is kept. What they set or create ends with them. */
export const call = (connection: Connection, sql: string, parameters: readonly Parameter[]): Promise<Outcome> =>
  ask((request) => connection.execSql(request), sql, parameters);

export interface BulkColumn extends Pick<Parameter, 'type' | 'length'> {
  readonly name: string;
}

/** Rows straight into a table, whose name goes into the statement as it is. Gives how many arrived. */
export function bulk(
  connection: Connection,
  table: string,
  columns: readonly BulkColumn[],
  rows: Iterable<unknown[]>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const load: BulkLoad = connection.newBulkLoad(table, { keepNulls: true }, (error, count) =>
      error ? reject(error) : resolve(count ?? 0),
    );
    for (const { name, type, length } of columns)
      load.addColumn(name, TYPES[type], { nullable: true, ...(length === undefined ? {} : { length }) });
    connection.execBulkLoad(load, rows as Iterable<unknown[]>);
  });
}

/** Whether what was sent is on an encrypted connection is checked before the login; `strict` cannot be downgraded. */
export const closed = (shown: string): Pg2anyError =>
  new Pg2anyError('DESTINATION_UNREACHABLE', `${shown}: the connection is closed`);
