import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Pg2anyError } from '../../model/error.ts';

export type SslMode = 'disabled' | 'preferred' | 'required' | 'verify-ca' | 'verify-identity';

/** Where and how to log in; read from the URL. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly sslMode: SslMode;
  /** PEM, null for the certificate authorities that Node trusts. */
  readonly ca: string | null;
  /** For messages: without the password. */
  readonly shown: string;
}

const MODES: readonly string[] = ['disabled', 'preferred', 'required', 'verify-ca', 'verify-identity'];

const invalid = (why: string): Pg2anyError => new Pg2anyError('CONFIG_INVALID', why);

/** `mysql://user:password@host:port/database?ssl-mode=…&ssl-ca=…`. Throws CONFIG_INVALID. */
export function readAddress(url: URL): Address {
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || 3306);
  const database = decodeURIComponent(url.pathname.replace(/^\//, ''));
  if (database === '' || database.includes('/'))
    throw invalid('a MySQL or MariaDB destination needs a database, such as mysql://user@host:3306/shop');
  const { sslMode, ca } = readTls(url.searchParams);
  return {
    host,
    port,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    sslMode,
    ca,
    shown: `${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
  };
}

/** As the mysql client: `preferred` unless told otherwise, `verify-ca` where a certificate is named. */
function readTls(parameters: URLSearchParams): Pick<Address, 'sslMode' | 'ca'> {
  for (const name of parameters.keys())
    if (name !== 'ssl-mode' && name !== 'ssl-ca')
      throw invalid(`the destination URL has an unknown parameter ${name}; ssl-mode and ssl-ca are known`);
  const file = parameters.get('ssl-ca');
  const mode = (parameters.get('ssl-mode') ?? (file === null ? 'preferred' : 'verify-ca')).toLowerCase();
  if (!isSslMode(mode)) throw invalid(`ssl-mode is ${mode}; it can be ${MODES.join(', ')}`);
  return { sslMode: mode, ca: file === null ? null : certificate(file) };
}

const isSslMode = (mode: string): mode is SslMode => MODES.includes(mode);

function certificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Pg2anyError('CONFIG_INVALID', `ssl-ca: ${file} cannot be read`, { cause });
  }
}
