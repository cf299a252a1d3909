import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { stringify } from 'yaml';
import { pg2any, type RunOptions } from '../support/program.ts';

/** Words of a secret, between characters that URLs, YAML, dotenv files, SQL, JSON and shells treat each in their way. */
const words = () => Array.from({ length: 4 }, () => `Q${randomBytes(4).toString('hex')}Z`);

interface Secret {
  readonly text: string;
  readonly words: readonly string[];
}

function secret(...between: readonly string[]): Secret {
  const some = words();
  return { text: some.map((word, i) => word + (between[i] ?? '')).join(''), words: some };
}

export const SOURCE = secret('@/:?#', '%&=+ ', '"\'\\`');
export const DESTINATION = secret('ü€😀', `$(x)\${y}`, '*<>|^~;,');

/** Everything that any run of this file said. Not a word of a secret may be in it. */
let said = '';

/** What was said otherwise than by a run. */
export const alsoSaid = (text: string): void => {
  said += text;
};

export function expectNoSecret(): void {
  expect(said.length).toBeGreaterThan(0);
  for (const word of [...SOURCE.words, ...DESTINATION.words]) {
    const at = said.indexOf(word);
    expect(at < 0 ? null : said.slice(Math.max(0, at - 200), at + 100)).toBeNull();
  }
}

export const folder = mkdtempSync(join(tmpdir(), 'pg2any-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export const CLOSED = { host: '127.0.0.1', port: '1' };

export interface Address {
  readonly host: string;
  readonly port: string;
}

export async function run(line: readonly string[], env: RunOptions['env'] = {}, options: RunOptions = {}) {
  const quick = { CDC_STARTUP_TIMEOUT: '100ms', CDC_CONNECTION_TIMEOUT: '5s', XDG_RUNTIME_DIR: folder, TMPDIR: folder };
  const outcome = await pg2any(line, { cwd: folder, ...options, env: { ...quick, ...env } });
  said += outcome.stdout + outcome.stderr;
  return outcome;
}

/** The secrets, in every way in which they can be given. */
export const WAYS: Readonly<
  Record<string, (source: Address, destination: Address) => { flags: string[]; env: Record<string, string> }>
> = {
  'in URLs': (s, d) => ({
    flags: ['--env'],
    env: {
      CDC_SOURCE_URL: `postgres://secret_role:${encodeURIComponent(SOURCE.text)}@${s.host}:${s.port}/shop`,
      CDC_DEST_URL: `mysql://secret_user:${encodeURIComponent(DESTINATION.text)}@${d.host}:${d.port}/shop`,
    },
  }),
  'in variables of their own': (s, d) => ({ flags: ['--env'], env: pieces(s, d, '', SOURCE.text, DESTINATION.text) }),
  'in files': (s, d) => ({
    flags: ['--env'],
    env: pieces(s, d, '_FILE', file('source', SOURCE.text), file('destination', DESTINATION.text)),
  }),
  'in an env file': (s, d) => {
    const lines = Object.entries(WAYS['in URLs']?.(s, d).env ?? {}).map(
      ([name, value]) => `${name}='${value.replaceAll("'", '%27')}'`,
    );
    return { flags: ['--env', file('shop.env', lines.join('\n'))], env: {} };
  },
  'in a config file': (s, d) => {
    const source = {
      host: s.host,
      port: Number(s.port),
      database: 'shop',
      user: 'secret_role',
      password: `\${env:SHOP_PASSWORD}`,
    };
    const destination = {
      url: `mysql://secret_user@${d.host}:${d.port}/shop`,
      password: `\${file:${file('destination', DESTINATION.text)}}`,
    };
    return {
      flags: ['--config', file('shop.yaml', stringify({ source, destination }))],
      env: { SHOP_PASSWORD: SOURCE.text },
    };
  },
};

export function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const pieces = (s: Address, d: Address, suffix: string, source: string, destination: string) => ({
  CDC_SOURCE_HOST: s.host,
  CDC_SOURCE_PORT: s.port,
  CDC_SOURCE_DB: 'shop',
  CDC_SOURCE_USER: 'secret_role',
  [`CDC_SOURCE_PASSWORD${suffix}`]: source,
  CDC_DEST_TYPE: 'mysql',
  CDC_DEST_HOST: d.host,
  CDC_DEST_PORT: d.port,
  CDC_DEST_DB: 'shop',
  CDC_DEST_USER: 'secret_user',
  [`CDC_DEST_PASSWORD${suffix}`]: destination,
});
