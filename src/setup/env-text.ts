import { parse } from 'dotenv';
import { Pg2anyError } from '../model/error.ts';
import type { Secret } from './secrets.ts';

const QUOTES = ["'", '"', '`'] as const;

/** `NAME='value'`, quoted so that dotenv reads exactly this value. Throws CONFIG_INVALID where no quoting does. */
export function envLine({ name, value }: Secret): string {
  const bare = /^[\w./~@%+=:-]+$/.test(value) ? [`${name}=${value}`] : [];
  const lines = [...bare, ...QUOTES.map((quote) => `${name}=${quote}${value}${quote}`)];
  const exact = lines.find((line) => parse(`${line}\n`)[name] === value);
  if (exact !== undefined) return exact;
  throw new Pg2anyError('CONFIG_INVALID', `the value of ${name} cannot be written into .env: it holds every quote`, {
    hint: `Leave the password out of the URL, and set ${name} in the environment whenever pg2any runs.`,
  });
}

export interface MergedEnv {
  readonly text: string;
  /** Variables that had another value. */
  readonly changed: readonly string[];
}

const setsOne = (line: string, name: string): boolean =>
  new RegExp(`^\\s*(?:export\\s+)?${name}\\s*[=:]`).test(line) && !line.trimStart().startsWith('#');

/** The secrets in a dotenv file; what else stands in it stays. */
export function mergeEnv(existing: string | null, secrets: readonly Secret[]): MergedEnv {
  const before = existing ?? '# Passwords for pg2any.yaml. Keep this file to yourself.\n';
  const values = parse(before);
  const differing = secrets.filter(({ name, value }) => values[name] !== value);
  const changed = differing.filter(({ name }) => values[name] !== undefined).map(({ name }) => name);
  const kept = before.split('\n').filter((line) => !changed.some((name) => setsOne(line, name)));
  const text = kept.join('\n').replace(/(?<!\n)$/, before === '' ? '' : '\n');
  return { text: text + differing.map((secret) => `${envLine(secret)}\n`).join(''), changed };
}
