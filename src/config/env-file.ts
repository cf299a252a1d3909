import { parse } from 'dotenv';
import { fromVariables, type Variables } from './environment.ts';
import type { Layered, ReadFile } from './given.ts';
import { KEYS, settingOf } from './settings.ts';

const CUT = 'the line has a # without quotes around the value, which cuts it there: put the value in single quotes';

const SECRETS = new Set(KEYS.filter((key) => settingOf(key).secret).flatMap((key) => settingOf(key).env));

/** The raw text after `NAME=`, of the last line that sets it. */
function rawValue(text: string, name: string): string | null {
  const lines = text.split(/\r?\n/).filter((line) => line.replace(/^\s*(?:export\s+)?/, '').startsWith(name));
  const match = /^\s*(?:export\s+)?[\w.-]+\s*[=:](.*)$/.exec(lines.at(-1) ?? '');
  return match?.[1]?.trim() ?? null;
}

const unquotedHash = (raw: string | null): boolean => raw !== null && /^[^'"`].*#/.test(raw);

/** In a secret a # right behind another character is no comment: its author lost the rest of the value. */
const cutSecret = (name: string, raw: string | null): boolean =>
  SECRETS.has(name) && raw !== null && /^[^'"`\s#][^#]*[^\s#]#/.test(raw);

export interface EnvFile extends Layered {
  readonly variables: Variables;
}

/** Settings from a dotenv file. Names other than CDC_* are only there for `${env:…}`. */
export function fromEnvFile(path: string, text: string, readFile: ReadFile): EnvFile {
  const variables = parse(text);
  const where = `in ${path}`;
  const doubt = (name: string) => (unquotedHash(rawValue(text, name)) ? CUT : undefined);
  const layered = fromVariables(variables, { layer: 'env file', where, readFile, doubt });
  const cut = Object.keys(variables).filter((name) => cutSecret(name, rawValue(text, name)));
  return {
    given: layered.given,
    problems: [...layered.problems, ...cut.map((name) => `${name} ${where}: ${CUT}`)],
    variables,
  };
}
