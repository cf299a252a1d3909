import { z } from 'zod';
import { parseTableNames } from './table-names.ts';

/** A kind of value: what people read about it, and the schema that every spelling of it passes. */
export interface Kind<Out = unknown, In = unknown> {
  /** For the documentation: `duration`, `true or false`. */
  readonly name: string;
  readonly schema: z.ZodType<Out, In>;
}

/** Text from a file, a variable or a flag becomes the value it spells; anything else stays for the schema to judge. */
const fromText =
  (parse: (text: string) => unknown) =>
  (raw: unknown): unknown =>
    typeof raw === 'string' ? parse(raw.trim()) : raw;

export const kind = <Out, In>(
  name: string,
  parse: (text: string) => unknown,
  schema: z.ZodType<Out>,
): Kind<Out, In> => ({
  name,
  schema: z.preprocess(fromText(parse), schema) as unknown as z.ZodType<Out, In>,
});

export const text: Kind<string, string> = kind('text', (raw) => raw, z.string('must be text').min(1, 'is empty'));

/** Text that is taken as it is, surrounding blanks included. */
export const secretText: Kind<string, string> = {
  name: 'text',
  schema: z.string('must be text').min(1, 'is empty'),
};

export function name(pattern: RegExp, message: string): Kind<string, string> {
  return kind('name', (raw) => raw, z.string('must be text').regex(pattern, message));
}

export function choice<const T extends readonly [string, ...string[]]>(values: T): Kind<T[number], T[number]> {
  const listed = [values.slice(0, -1).join(', '), values.at(-1)].filter(Boolean).join(' or ');
  return kind(listed, (raw) => raw.toLowerCase(), z.enum(values, `must be ${listed}`));
}

export const flag: Kind<boolean, boolean> = {
  name: 'true or false',
  schema: z.preprocess(
    fromText((raw) => WORDS[raw.toLowerCase()] ?? raw),
    z.boolean('must be true or false'),
  ) as unknown as z.ZodType<boolean, boolean>,
};

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
};

export function integer(min: number, max: number): Kind<number, number> {
  const message = `must be a whole number from ${min} to ${max}`;
  const parse = (raw: string) => (/^-?\d[\d_]*$/.test(raw) ? Number(raw.replaceAll('_', '')) : raw);
  return kind(`whole number, ${min} to ${max}`, parse, z.int(message).min(min, message).max(max, message));
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(raw: string | number): unknown {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/i.exec(String(raw));
  return match ? Math.round(Number(match[1]) * (UNITS[(match[2] ?? 's').toLowerCase()] ?? 1000)) : raw;
}

/** Seconds, or a number with its unit; milliseconds in the program. */
export function duration(minMs: number, maxMs: number): Kind<number, number | string> {
  const message = `must be a duration from ${showMs(minMs)} to ${showMs(maxMs)}, such as 30s, 500ms or 5m (a bare number is seconds)`;
  const schema = z.int(message).min(minMs, message).max(maxMs, message);
  const parse = (raw: unknown) =>
    typeof raw === 'string' || typeof raw === 'number' ? milliseconds(typeof raw === 'string' ? raw.trim() : raw) : raw;
  return { name: 'duration', schema: z.preprocess(parse, schema) as unknown as z.ZodType<number, number | string> };
}

/** `90000` → `90s`: the shortest spelling that the schema reads back. */
export function showMs(ms: number): string {
  const unit = Object.entries(UNITS).findLast(([, size]) => ms >= size && ms % size === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`;
}

const SIZES: Readonly<Record<string, number>> = { '': 1, k: 1 << 10, m: 1 << 20, g: 1 << 30 };

/** Bytes, or a number with KB, MB or GB (powers of 1024; KiB, MiB and GiB are the same). */
export function size(min: number, max: number): Kind<number, number | string> {
  const message = `must be a size from ${showSize(min)} to ${showSize(max)}, such as 64MB (a bare number is bytes)`;
  const parse = (raw: string) => {
    const match = /^(\d+)\s*(?:([kmg])i?b?|b)?$/i.exec(raw);
    return match ? Number(match[1]) * (SIZES[(match[2] ?? '').toLowerCase()] ?? 1) : raw;
  };
  return kind('size', parse, z.int(message).min(min, message).max(max, message));
}

export function showSize(bytes: number): string {
  const unit = Object.entries(SIZES).findLast(([, one]) => bytes >= one && bytes % one === 0);
  return unit?.[0] ? `${bytes / unit[1]}${unit[0].toUpperCase()}B` : `${bytes}`;
}

/** `schema.table` names; null is all of them. */
export const tables: Kind<readonly string[] | null, readonly string[] | null> = {
  name: 'list of tables',
  schema: z.unknown().transform((raw, context) => {
    const parsed = parseTableNames(raw);
    if (parsed.ok) return parsed.names;
    context.issues.push({ code: 'custom', message: parsed.problem, input: raw });
    return z.NEVER;
  }) as unknown as z.ZodType<readonly string[] | null, readonly string[] | null>,
};

/** `from:to,from:to` as a mapping; anything else, and a name that comes twice, stays as it is. */
export function pairs(raw: string): unknown {
  const items = raw.split(',').filter((item) => item.trim() !== '');
  const split = items.map((item) => item.split(':').map((part) => part.trim()));
  if (split.some((pair) => pair.length !== 2)) return raw;
  const names = split.map(([from]) => from);
  return new Set(names).size === names.length ? Object.fromEntries(split) : raw;
}

/** `from:to,from:to`, or a mapping in YAML. */
export const schemaMapping: Kind<ReadonlyMap<string, string>, Readonly<Record<string, string>>> = kind(
  'pairs from:to',
  pairs,
  z
    .record(
      z.string().min(1, 'has an empty name'),
      z.string('must have a name on each side').min(1, 'has an empty name'),
      'must be pairs such as public:shop_copy,sales:sales_copy, each schema once',
    )
    .transform((record) => new Map(Object.entries(record))),
);
