import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Pg2anyError } from '../../model/error.ts';

/** `strict` is TDS 8.0: TLS before anything else. */
export type Encrypt = boolean | 'strict';

/** How to log in. The Entra kinds are tedious' own; user and password mean what the kind needs. */
export type Authentication = 'sql' | 'entra-default' | 'entra-msi' | 'entra-token' | 'entra-service-principal';

/** Where and how to log in; read from the URL. */
export interface Address {
  readonly host: string;
  /** Null with a named instance: the SQL Server Browser tells it. */
  readonly port: number | null;
  readonly instance: string | null;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly encrypt: Encrypt;
  readonly trustServerCertificate: boolean;
  /** PEM, null for the certificate authorities that Node trusts. */
  readonly ca: string | null;
  readonly authentication: Authentication;
  readonly clientId: string | null;
  readonly tenantId: string | null;
  /** For messages: without the password. */
  readonly shown: string;
}

const AUTHENTICATIONS: readonly string[] = [
  'sql',
  'entra-default',
  'entra-msi',
  'entra-token',
  'entra-service-principal',
];
const PARAMETERS = ['encrypt', 'trustServerCertificate', 'ca', 'instance', 'authentication', 'clientId', 'tenantId'];

const invalid = (why: string): Pg2anyError => new Pg2anyError('CONFIG_INVALID', why);

/**
 * `sqlserver://user:password@host:1433/database?encrypt=true&trustServerCertificate=false&…`. Encryption is on, and the
 * certificate is checked, unless told otherwise. Throws CONFIG_INVALID.
 */
export function readAddress(url: URL): Address {
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const database = decodeURIComponent(url.pathname.replace(/^\//, ''));
  if (database === '' || database.includes('/'))
    throw invalid('a SQL Server destination needs a database, such as sqlserver://user@host:1433/shop');
  const given = parametersOf(url);
  const instance = given.get('instance') ?? null;
  const port = instance === null || url.port !== '' ? Number(url.port || 1433) : null;
  return {
    ...{ host, database, instance: port === null ? instance : null, port },
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    encrypt: given.get('encrypt') === 'strict' ? 'strict' : flag(given, 'encrypt', true),
    trustServerCertificate: flag(given, 'trustServerCertificate', false),
    ca: certificate(given.get('ca') ?? null),
    authentication: authentication(given),
    clientId: given.get('clientId') ?? null,
    tenantId: given.get('tenantId') ?? null,
    shown: `${isIP(host) === 6 ? `[${host}]` : host}${port === null ? `\\${instance}` : `:${port}`}`,
  };
}

function parametersOf(url: URL): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const known = PARAMETERS.find((one) => one.toLowerCase() === name.toLowerCase());
    if (known === undefined)
      throw invalid(`the destination URL has an unknown parameter ${name}; ${PARAMETERS.join(', ')} are known`);
    given.set(known, value);
  }
  return given;
}

function flag(given: ReadonlyMap<string, string>, name: string, usual: boolean): boolean {
  const text = given.get(name)?.toLowerCase();
  if (text === undefined) return usual;
  if (text === 'true' || text === 'yes' || text === '1') return true;
  if (text === 'false' || text === 'no' || text === '0') return false;
  throw invalid(`${name} is ${text}; it can be true or false${name === 'encrypt' ? ', or strict' : ''}`);
}

function authentication(given: ReadonlyMap<string, string>): Authentication {
  const kind = given.get('authentication') ?? 'sql';
  if (isAuthentication(kind)) return kind;
  throw invalid(`authentication is ${kind}; it can be ${AUTHENTICATIONS.join(', ')}`);
}

const isAuthentication = (kind: string): kind is Authentication => AUTHENTICATIONS.includes(kind);

function certificate(file: string | null): string | null {
  if (file === null) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Pg2anyError('CONFIG_INVALID', `ca: ${file} cannot be read`, { cause });
  }
}
