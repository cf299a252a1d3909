import { z } from 'zod';
import {
  ALWAYS_ERROR,
  type ColumnOverride,
  NAMED_ONLY,
  NO_NEAREST,
  POLICIES,
  type Policies,
  type Policy,
  PROBLEM_CLASSES,
  type ProblemClass,
  TYPE_CHOICES,
  type TypeOption,
  type TypeOptions,
} from '../model/mapping.ts';
import type { Kind } from './kinds.ts';
import { suggestion } from './nearest.ts';
import { parseColumnName } from './table-names.ts';

/** Why a value is wrong: completes "CDC_POLICIES in the environment …". */
class Wrong extends Error {}

type Named = Readonly<Record<string, unknown>>;

const isMapping = (raw: unknown): raw is Named => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** Reads with `parse`, whose `Wrong` is the problem. */
const kind = <Out, In>(name: string, parse: (raw: unknown) => Out): Kind<Out, In> => ({
  name,
  schema: z.unknown().transform((raw, context) => {
    try {
      return parse(raw);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      context.issues.push({ code: 'custom', message: error.message, input: raw });
      return z.NEVER;
    }
  }) as unknown as z.ZodType<Out, In>,
});

/** In YAML an unquoted null is no text. */
const word = (raw: unknown): string => (raw === null ? 'null' : typeof raw === 'string' ? raw.trim() : String(raw));

function policy(raw: unknown, where: string): Policy {
  const text = word(raw).toLowerCase();
  const found = POLICIES.find((one) => one === text);
  if (found) return found;
  throw new Wrong(
    `${where} must be ${POLICIES.join(', ')}, not ${JSON.stringify(word(raw))}${suggestion(text, POLICIES)}`,
  );
}

function classPolicy(name: string, raw: unknown): [ProblemClass, Policy] {
  const found = PROBLEM_CLASSES.find((one) => one === name.toUpperCase());
  if (!found)
    throw new Wrong(
      `has ${JSON.stringify(name)}, which is no class of values${suggestion(name, [...PROBLEM_CLASSES, 'default'])}`,
    );
  const chosen = policy(raw, `has a policy for ${found} that`);
  if (chosen !== 'error' && ALWAYS_ERROR.has(found))
    throw new Wrong(`has ${found}: ${chosen}, but such values always stop`);
  if (found === NAMED_ONLY && chosen !== 'error' && chosen !== 'null')
    throw new Wrong(`has ${found}: ${chosen}, but of a row that is too large a value can only become NULL; use null`);
  if (chosen === 'clamp' && NO_NEAREST.has(found))
    throw new Wrong(`has ${found}: clamp, but such values have no nearest one; use null or text`);
  return [found, chosen];
}

type Chosen = { readonly default?: Policy; readonly classes: ReadonlyMap<ProblemClass, Policy> };

function chosenPolicies(raw: Named): Chosen {
  const { default: usual, ...classes } = raw;
  return {
    ...('default' in raw ? { default: policy(usual, 'has a default policy that') } : {}),
    classes: new Map(Object.entries(classes).map(([name, one]) => classPolicy(name, one))),
  };
}

/** `A:clamp,B:null` */
function pairs(text: string): Named {
  const items = text.split(',').filter((item) => item.trim() !== '');
  const entries = items.map((item): [string, string] => {
    const [name, value, ...more] = item.split(':').map((part) => part.trim());
    if (!name || !value || more.length > 0)
      throw new Wrong('must be pairs such as INFINITE_DATETIME:clamp,NUMERIC_NAN:null,default:error');
    return [name, value];
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new Wrong(`has ${twice} twice`);
  return Object.fromEntries(entries);
}

const NOT_POLICIES = 'must be a mapping of classes to policies, or pairs such as INFINITE_DATETIME:clamp,default:error';

export type PoliciesInput = { readonly [K in ProblemClass | 'default']?: Policy };

export const policies: Kind<Policies, PoliciesInput> = kind('pairs class:policy', (raw) => {
  const named = typeof raw === 'string' ? pairs(raw) : raw;
  if (!isMapping(named)) throw new Wrong(NOT_POLICIES);
  return { default: 'error', ...chosenPolicies(named) };
});

/** What `columns` takes for one column. */
export type ColumnInput = Partial<TypeOptions> & {
  readonly type?: string;
  readonly policy?: Policy | PoliciesInput;
};

const OPTIONS = Object.keys(TYPE_CHOICES) as TypeOption[];
const KEYS = ['type', 'policy', ...OPTIONS];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_\s]/g, '');

function columnOverride(column: string, raw: unknown): ColumnOverride {
  if (!isMapping(raw)) throw new Wrong(`has ${column}, which must be a mapping such as { policy: clamp }`);
  const override: { -readonly [K in keyof ColumnOverride]: ColumnOverride[K] } & Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const key = KEYS.find((one) => plain(one) === plain(name));
    if (!key) throw new Wrong(`has ${column}.${name}, which is no option of a column${suggestion(name, KEYS)}`);
    if (key === 'policy') override.policies = columnPolicies(column, value);
    else override[key] = key === 'type' ? typeText(column, value) : typeOption(column, key as TypeOption, value);
  }
  return override;
}

function columnPolicies(column: string, raw: unknown): Chosen {
  if (isMapping(raw)) return chosenPolicies(raw);
  const text = word(raw);
  if (text.includes(':')) return chosenPolicies(pairs(text));
  return { default: policy(text, `has ${column}, whose policy`), classes: new Map() };
}

function typeText(column: string, raw: unknown): string {
  if (typeof raw === 'string' && raw.trim() !== '') return raw.trim();
  throw new Wrong(`has ${column}, whose type must be text such as VARCHAR(200)`);
}

function typeOption(column: string, option: TypeOption, raw: unknown): string {
  const choices: readonly string[] = TYPE_CHOICES[option];
  const text = word(raw).toLowerCase();
  if (choices.includes(text)) return text;
  throw new Wrong(`has ${column}, whose ${option} must be ${choices.join(' or ')}, not ${JSON.stringify(word(raw))}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Wrong('must be JSON such as {"public.t.c": {"policy": "clamp"}}');
  }
}

export const columns: Kind<ReadonlyMap<string, ColumnOverride>, Readonly<Record<string, ColumnInput>>> = kind(
  'mapping by schema.table.column',
  (raw) => {
    const named = typeof raw === 'string' ? parsed(raw) : raw;
    if (!isMapping(named)) throw new Wrong('must be a mapping of schema.table.column to what differs there');
    return new Map(
      Object.entries(named).map(([name, override]) => {
        const column = parseColumnName(name);
        if (column === null) throw new Wrong(`has ${JSON.stringify(name)}: write schema.table.column`);
        return [column, columnOverride(column, override)];
      }),
    );
  },
);
