import { accessSync, constants } from 'node:fs';
import type { SourceOptions, SslMode } from '../model/source.ts';
import { pick, problemOf, type Resolved, type ResolvedMap } from './pieces.ts';
import type { Key } from './settings.ts';
import { parseUrl, type UrlParts } from './url.ts';

const SSL_MODES: Readonly<Record<string, SslMode>> = {
  disable: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'no-verify': 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

const UNDERSTOOD = new Set(['sslmode', 'sslrootcert', 'host', 'port', 'user', 'password', 'dbname']);

/** The source's URL; undefined where there is none or it cannot be read. */
function readUrl(url: Resolved | undefined, problems: string[], notes: string[]): UrlParts | undefined {
  if (!url) return undefined;
  const parsed = parseUrl(String(url.value));
  if ('problem' in parsed) problems.push(problemOf(url.given, parsed.problem));
  else if (!/^postgres(ql)?$/.test(parsed.scheme))
    problems.push(problemOf(url.given, 'must begin with postgres:// or postgresql://'));
  else {
    for (const name of parsed.query.keys()) {
      if (!UNDERSTOOD.has(name)) notes.push(`${url.given.origin.text}: the parameter ${name} has no effect here`);
    }
    return parsed;
  }
  return undefined;
}

function sslMode(text: string | null, url: Resolved | undefined, problems: string[]): SslMode {
  const mode = SSL_MODES[text ?? 'prefer'];
  if (mode) return mode;
  const where = url ? `${url.given.origin.text}: ` : '';
  problems.push(
    `${where}sslmode must be disable, prefer, require, verify-ca or verify-full, not ${JSON.stringify(text)}`,
  );
  return 'prefer';
}

function queryPort(text: string | null, url: Resolved | undefined, problems: string[]): number | null {
  const port = Number(text ?? 1);
  if (url && !(Number.isInteger(port) && port > 0 && port < 65536))
    problems.push(problemOf(url.given, 'has a parameter port that is not a port'));
  return text === null ? null : port;
}

/** As in libpq `system` means the usual authorities, and then the host name is checked too. */
function tls(
  mode: string | null,
  rootCert: string | null,
  url: Resolved | undefined,
  problems: string[],
): Pick<SourceOptions, 'sslMode' | 'sslRootCert'> {
  if (rootCert === 'system') return { sslMode: sslMode(mode ?? 'verify-full', url, problems), sslRootCert: null };
  if (rootCert !== null && !isReadable(rootCert)) problems.push(`the file of sslrootcert, ${rootCert}, cannot be read`);
  return { sslMode: sslMode(mode, url, problems), sslRootCert: rootCert };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** How to reach the source. Gathers problems; the result counts only when there are none. */
export function sourceOptions(
  values: ResolvedMap,
  timeouts: Pick<SourceOptions, 'connectTimeoutMs' | 'queryTimeoutMs'>,
  problems: string[],
  notes: string[],
): SourceOptions {
  const url = values.get('source.url');
  const parts = readUrl(url, problems, notes);
  const own = <T>(key: Key) => values.get(key) as Resolved<T> | undefined;
  const query = (name: string) => parts?.query.get(name) ?? null;
  const text = (fromUrl: string | null | undefined, key: Key) => pick(fromUrl ?? null, url, own<string>(key), problems);

  const host = text(query('host') ?? parts?.host, 'source.host');
  const database = text(query('dbname') ?? parts?.path, 'source.database');
  const user = text(query('user') ?? parts?.user, 'source.user');
  const port = pick(parts?.port ?? queryPort(query('port'), url, problems), url, own<number>('source.port'), problems);
  if (parts || !url) problems.push(...missing(url, host, database, user));
  return {
    host: host ?? 'localhost',
    port: port ?? 5432,
    database: database ?? '',
    user: user ?? '',
    password: text(query('password') ?? parts?.password, 'source.password'),
    ...tls(text(query('sslmode'), 'source.sslMode'), text(query('sslrootcert'), 'source.sslRootCert'), url, problems),
    ...timeouts,
  };
}

function missing(
  url: Resolved | undefined,
  host: string | null,
  database: string | null,
  user: string | null,
): string[] {
  if (!url && !host) return [MISSING];
  return [
    ...(host?.includes(',') ? ['the source has several hosts; one is supported'] : []),
    ...(database ? [] : [incomplete(url, 'the source has no database: set it in CDC_SOURCE_URL, or CDC_SOURCE_DB')]),
    ...(user ? [] : [incomplete(url, 'the source has no user: set it in CDC_SOURCE_URL, or CDC_SOURCE_USER')]),
  ];
}

const MISSING =
  'there is no source: set CDC_SOURCE_URL=postgres://user:password@host:5432/database, or CDC_SOURCE_HOST, CDC_SOURCE_DB, CDC_SOURCE_USER and CDC_SOURCE_PASSWORD';

const incomplete = (url: Resolved | undefined, what: string): string =>
  url?.given.doubt ? `${what} (${url.given.origin.text}: ${url.given.doubt})` : what;
