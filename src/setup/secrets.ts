import { parseUrl, type UrlParts } from '../config/url.ts';
import { drivers } from '../destination/registry.ts';
import { Pg2anyError } from '../model/error.ts';

/** A variable that `.env` holds for the configuration file. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** A URL without what nobody may read, and that. */
export interface Split {
  readonly url: string;
  readonly password: Secret | null;
  /** Parameters of the URL that are secret; the URL refers to them. */
  readonly parameters: readonly Secret[];
}

const SECRET_PARAMETER = /pass|secret|key|token/i;
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

/** Engines without a server have a file and nothing to hide. */
export const isFile = (url: string, type: string | null): boolean => {
  const scheme = SCHEME.exec(url)?.[1]?.toLowerCase();
  const driver = drivers.find((one) => one.type === type) ?? drivers.find((one) => one.schemes[0] === scheme);
  return driver?.defaultPort === null;
};

/** Percent-encoded, but for what is read more easily as it is and harmless. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/');

function authority({ user, host, port }: UrlParts): string {
  const name = host === null ? '' : host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  return `${user === null ? '' : `${encodeURIComponent(user)}@`}${name}${port === null ? '' : `:${port}`}`;
}

function parsed(url: string, side: Side): UrlParts {
  const parts = parseUrl(url);
  if (!('problem' in parts)) return parts;
  const name = { SOURCE: 'source', DEST: 'destination', MIRROR: 'mirror' }[side];
  throw new Pg2anyError('CONFIG_INVALID', `the URL of the ${name} ${parts.problem}`);
}

type Side = 'SOURCE' | 'DEST' | 'MIRROR';

/** Takes the secrets out of a URL. Throws CONFIG_INVALID where it cannot be read. */
export function splitSecrets(url: string, side: Side, type: string | null = null): Split {
  if (side === 'DEST' && isFile(url, type)) return { url: url.trim(), password: null, parameters: [] };
  const parts = parsed(url, side);
  const plain = [...parts.query].filter(([name]) => !SECRET_PARAMETER.test(name) || name === 'sslkey');
  const hidden = [...parts.query].filter(([name]) => name !== 'password' && !plain.some(([other]) => other === name));
  const variable = (name: string): string => `PG2ANY_${side}_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
  const query = [
    ...plain.map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
    ...hidden.map(([name]) => `${encoded(name)}=\${env:${variable(name)}}`),
  ].join('&');
  const path = parts.path === null ? '' : `/${encodeURIComponent(parts.path)}`;
  const password = parts.query.get('password') ?? parts.password;
  return {
    url: `${parts.scheme}://${authority(parts)}${path}${query ? `${path ? '' : '/'}?${query}` : ''}`,
    password: password === null ? null : { name: variable('password'), value: password },
    parameters: hidden.map(([name, value]) => ({ name: variable(name), value: encodeURIComponent(value) })),
  };
}

/** Without passwords and secret parameters, for people. What cannot be read shows nothing but its scheme. */
export function shownUrl(url: string, side: Side, type: string | null = null): string {
  try {
    return splitSecrets(url, side, type).url.replaceAll(/\$\{env:[A-Z0-9_]+\}/g, '***');
  } catch {
    return `${SCHEME.exec(url)?.[1] ?? ''}:***`;
  }
}

/** The URL with a password, unless it has one. */
export function withPassword(url: string, side: Side, type: string | null, password: string | undefined): string {
  if (password === undefined || password === '' || (side === 'DEST' && isFile(url, type))) return url;
  const parts = parsed(url, side);
  if (parts.password !== null || parts.query.has('password')) return url;
  const user = parts.user === null ? '' : encodeURIComponent(parts.user);
  return url.trim().replace(/^([^:]+:\/\/)(?:[^/?#]*@)?/, `$1${user}:${encodeURIComponent(password)}@`);
}

export const PASSWORDS = {
  source: 'PG2ANY_SOURCE_PASSWORD',
  destination: 'PG2ANY_DEST_PASSWORD',
  mirror: 'PG2ANY_MIRROR_PASSWORD',
  registry: 'PG2ANY_REGISTRY_PASSWORD',
} as const;
