import { conflicts } from './environment.ts';
import type { Given, Layer, Layered } from './given.ts';
import { suggestion } from './nearest.ts';
import { KEYS, type Key, settingOf } from './settings.ts';

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.\s]/g, '');

/** `batch.rows`, `batch_rows`, `batch_size`, `CDC_BATCH_SIZE`: one key. */
const BY_NAME: ReadonlyMap<string, Key> = new Map(
  KEYS.flatMap((key) =>
    [key, ...settingOf(key).env.flatMap((name) => [name, name.replace(/^CDC_/, '')])].map(
      (name) => [plain(name), key] as const,
    ),
  ),
);

const ALIASES: Readonly<Record<string, string>> = { dest: 'destination', destination: 'dest' };
const GROUPS = new Set([
  'source',
  'destination',
  'dest',
  'types',
  'types.keys',
  'batch',
  'kafka',
  'kafka.outbox',
  'kafka.registry',
]);

function keyOf(path: readonly string[]): Key | undefined {
  const direct = BY_NAME.get(plain(path.join('.')));
  const [group = '', ...rest] = path;
  const other = ALIASES[group.toLowerCase()];
  return direct ?? (other && rest.length > 0 ? BY_NAME.get(plain([other, ...rest].join('.'))) : undefined);
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);

export interface ObjectOptions {
  readonly layer: Layer;
  /** Where a path stands, for people: `batch.rows in pg2any.yaml, line 3`. */
  readonly at: (path: readonly string[]) => string;
  /** Replaces `${env:…}` and the like; throws with a reason that can be shown. */
  readonly expand: (value: unknown) => unknown;
}

/** Settings from a nested object: a YAML file or the argument of `defineConfig`. */
export function fromObject(object: unknown, options: ObjectOptions): Layered {
  const given: Given[] = [];
  const problems: string[] = [];
  walk(object, [], options, given, problems);
  return { given, problems: [...problems, ...conflicts(given)] };
}

function walk(
  node: unknown,
  path: readonly string[],
  options: ObjectOptions,
  given: Given[],
  problems: string[],
): void {
  if (!isGroup(node)) {
    problems.push(`${options.at(path)} must be a mapping of settings`);
    return;
  }
  for (const [name, value] of Object.entries(node)) {
    const here = [...path, name];
    const key = keyOf(here);
    if (key) take(key, value, here, options, given, problems);
    else if (GROUPS.has(here.join('.').toLowerCase())) walk(value ?? {}, here, options, given, problems);
    else problems.push(`${options.at(here)} is not a setting${suggestion(here.join('.'), KEYS)}`);
  }
}

/** Null and undefined are not set, except that `tables: null` cannot be told from them and means the same. */
function take(
  key: Key,
  value: unknown,
  path: readonly string[],
  options: ObjectOptions,
  given: Given[],
  problems: string[],
): void {
  if (value === null || value === undefined || value === '') return;
  try {
    given.push({ key, raw: options.expand(value), origin: { layer: options.layer, text: options.at(path) } });
  } catch (error) {
    problems.push(`${options.at(path)}: ${(error as Error).message}`);
  }
}
