import type { Given, Layer, Layered, ReadFile } from './given.ts';
import { suggestion } from './nearest.ts';
import { KEYS, type Key, settingOf } from './settings.ts';

interface Variable {
  readonly key: Key;
  /** The value is the path of a file that holds the setting. */
  readonly file: boolean;
}

const VARIABLES: ReadonlyMap<string, Variable> = new Map(
  KEYS.flatMap((key) =>
    settingOf(key).env.flatMap((name): [string, Variable][] => [
      [name, { key, file: false }],
      ...(settingOf(key).secret ? [[`${name}_FILE`, { key, file: true }] as [string, Variable]] : []),
    ]),
  ),
);

/** Names of our variables that are not settings of the program. */
const FOREIGN = /^CDC_TEST_/;

export type Variables = Readonly<Record<string, string | undefined>>;

export interface EnvironmentOptions {
  readonly layer: Layer;
  /** Completes "CDC_X …": `in the environment`, `in .env`. */
  readonly where: string;
  readonly readFile: ReadFile;
  /** Why the value of a variable may have been cut, if so. */
  readonly doubt?: (name: string) => string | undefined;
}

/** Settings from CDC_* variables; empty ones count as not set, as in Compose files. */
export function fromVariables(variables: Variables, options: EnvironmentOptions): Layered {
  const given: Given[] = [];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(variables)) {
    if (FOREIGN.test(name) || value === undefined || value === '') continue;
    const variable = VARIABLES.get(name);
    if (!variable && !name.startsWith('CDC_')) continue;
    if (!variable) problems.push(`${name} ${options.where} is not a setting${suggestion(name, [...VARIABLES.keys()])}`);
    else read(name, value, variable, options, given, problems);
  }
  return { given, problems: [...problems, ...conflicts(given)] };
}

function read(
  name: string,
  value: string,
  { key, file }: Variable,
  { layer, where, readFile, doubt }: EnvironmentOptions,
  given: Given[],
  problems: string[],
): void {
  const origin = { layer, text: `${name} ${where}` };
  const why = doubt?.(name);
  if (!file) {
    given.push({ key, raw: value, origin, ...(why ? { doubt: why } : {}) });
    return;
  }
  try {
    given.push({ key, raw: readFile(value).replace(/\r?\n$/, ''), origin });
  } catch (error) {
    problems.push(`${name} ${where}: cannot read ${value} (${(error as Error).message})`);
  }
}

/** Two names of one setting with different values. */
export function conflicts(given: readonly Given[]): string[] {
  const first = new Map<Key, Given>();
  return given.flatMap((one) => {
    const other = first.get(one.key);
    if (!other) first.set(one.key, one);
    return other && JSON.stringify(other.raw) !== JSON.stringify(one.raw)
      ? [`${other.origin.text} and ${one.origin.text} set the same thing to different values; keep one`]
      : [];
  });
}
