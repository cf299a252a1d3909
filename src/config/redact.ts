import { describeSource, type SourceConfig } from './config.ts';

/** What stands in place of a secret. */
export const MASK = '***';

/** The word `password` itself stands in examples. */
const IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]*):(?!password@)[^\s/'"]+@/gi;

/** Shorter ones would turn half of a text into masks; in URLs they are masked all the same. */
const SHORTEST = 3;

function spellings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret);
  return [secret, json, encoded, new URLSearchParams({ s: secret }).toString().slice(2), secret.replaceAll("'", "''")];
}

/** Replaces every spelling of these secrets, and every password inside a URL. */
export function redact(secrets: readonly string[]): (text: string) => string {
  const all = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(spellings))];
  all.sort((a, b) => b.length - a.length);
  return (text) => all.reduce((left, secret) => left.replaceAll(secret, MASK), text.replace(IN_URL, `$1:${MASK}@`));
}

/** As `hide`, but in JSON only in texts: a secret that is also a name or a number in it must not make it unreadable. */
export function hideIn(text: string, hide: (text: string) => string): string {
  const hidden = hide(text);
  if (hidden === text || !text.startsWith('{')) return hidden;
  try {
    return JSON.stringify(JSON.parse(text), (_, value) => (typeof value === 'string' ? hide(value) : value));
  } catch {
    return hidden;
  }
}

function decoded(text: string): string[] {
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
}

const SECRET_PARAMETER = /pass|secret|key|token/i;

/**
 * Hides the secrets of a configuration in any text that is about to be shown. A password that is also a user, host or
 * database name (`postgres`) is only hidden inside URLs: masking the word everywhere would tell what it is.
 */
export function redactor(config: Pick<SourceConfig, 'source' | 'destination'>): (text: string) => string {
  const { destination } = config;
  const urls = [destination?.url, destination?.mirror?.url].filter((url) => url !== undefined);
  const shown = `${describeSource(config.source)} ${config.destination?.display ?? ''}`;
  const parameters = urls.flatMap((url) => [...url.searchParams].filter(([name]) => SECRET_PARAMETER.test(name)));
  const registries = [destination?.kafka?.registry, destination?.mirror?.kafka?.registry];
  const secrets = [
    ...registries.flatMap((one) => [one?.password ?? null, one?.token ?? null].filter((secret) => secret !== null)),
    ...(config.source.password ? [config.source.password] : []),
    ...urls.flatMap((url) => (url.password ? decoded(url.password) : [])),
    ...parameters.map(([, value]) => value),
  ];
  return redact(secrets.filter((secret) => !shown.includes(secret)));
}
