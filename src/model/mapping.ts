import type { Relation } from './relation.ts';

/** Why a PostgreSQL value has no counterpart in a destination column. */
export const PROBLEM_CLASSES = [
  'INFINITE_DATETIME',
  'BC_DATE',
  'YEAR_GT_9999',
  'TIME_24',
  'TIME_PRECISION',
  'FLOAT_NAN',
  'FLOAT_INFINITY',
  'NUMERIC_NAN',
  'NUMERIC_INFINITY',
  'NUMERIC_OVERFLOW',
  'NUMERIC_SCALE',
  'TEXT_TOO_LONG',
  'TEXT_KEY_TOO_LONG',
  'SPACE_KEY',
  'ZERO_KEY',
  'TEXT_FORM',
  'UNKNOWN_LABEL',
  'JSON_DEPTH',
  'JSON_NUMBER_PRECISION',
  'GEOMETRY_FORM',
  'PACKET_TOO_LARGE',
  'MALFORMED',
] as const;

export type ProblemClass = (typeof PROBLEM_CLASSES)[number];

/** What becomes of a value that the destination column cannot hold. `text`: the column is made a text column. */
export const POLICIES = ['error', 'null', 'clamp', 'text'] as const;
export type Policy = (typeof POLICIES)[number];

/** Classes for which nothing but an error makes sense: keys must stay apart, and what is malformed is a defect. */
export const ALWAYS_ERROR: ReadonlySet<ProblemClass> = new Set([
  'TEXT_KEY_TOO_LONG',
  'SPACE_KEY',
  'ZERO_KEY',
  'MALFORMED',
]);

/** Not about one value and its column: only a policy that names it reaches it, and no text column helps. */
export const NAMED_ONLY: ProblemClass = 'PACKET_TOO_LARGE';

/** Classes without a nearest value: these cannot be clamped. */
export const NO_NEAREST: ReadonlySet<ProblemClass> = new Set([
  'FLOAT_NAN',
  'NUMERIC_NAN',
  'TEXT_FORM',
  'UNKNOWN_LABEL',
  'JSON_DEPTH',
  'JSON_NUMBER_PRECISION',
  'GEOMETRY_FORM',
  'PACKET_TOO_LARGE',
]);

/** Every choice of how types are mapped; the first of each is the default. */
export const TYPE_CHOICES = {
  numericUnbounded: ['decimal', 'text', 'auto'],
  json: ['text', 'native'],
  enum: ['varchar', 'native'],
  arrays: ['json', 'pgtext'],
  composite: ['pgtext', 'json'],
  timestamptz: ['utc', 'datetime2'],
  uuid: ['char36', 'binary16', 'native'],
  geometry: ['ewkb', 'native'],
  keysText: ['varchar', 'hash'],
} as const;

export type TypeOption = keyof typeof TYPE_CHOICES;
export type TypeOptions = { readonly [K in TypeOption]: (typeof TYPE_CHOICES)[K][number] };

/** By class; what is not named has the default. */
export interface Policies {
  readonly default: Policy;
  readonly classes: ReadonlyMap<ProblemClass, Policy>;
}

/** What differs for one column. `type` is the destination's own type, in place of the mapping. */
export interface ColumnOverride extends Partial<TypeOptions> {
  readonly type?: string;
  readonly policies?: { readonly default?: Policy; readonly classes: ReadonlyMap<ProblemClass, Policy> };
}

/** How values are mapped, as configured. */
export interface ValueRules {
  readonly types: TypeOptions;
  readonly policies: Policies;
  /** By `schema.table.column` at the source. */
  readonly columns: ReadonlyMap<string, ColumnOverride>;
}

export const DEFAULT_RULES: ValueRules = {
  types: {
    numericUnbounded: 'decimal',
    json: 'text',
    enum: 'varchar',
    arrays: 'json',
    composite: 'pgtext',
    timestamptz: 'utc',
    uuid: 'char36',
    geometry: 'ewkb',
    keysText: 'varchar',
  },
  policies: { default: 'error', classes: new Map() },
  columns: new Map(),
};

/** What holds for one column, everything considered. */
export interface ColumnRules {
  readonly types: TypeOptions;
  readonly type: string | null;
  policy(problem: ProblemClass): Policy;
}

/** `schema.table.column` at the source: how a column is named in the configuration. */
export const columnKey = ({ schema, name }: Pick<Relation, 'schema' | 'name'>, column: string): string =>
  `${schema}.${name}.${column}`;

/** The rules of one column: its own before those of the pipeline, a class before a default. */
export function columnRules(
  rules: ValueRules,
  relation: Pick<Relation, 'schema' | 'name'>,
  column: string,
): ColumnRules {
  const own = rules.columns.get(columnKey(relation, column));
  if (!own) return { types: rules.types, type: null, policy: (problem) => policyOf(rules.policies, problem) };
  const { type = null, policies, ...types } = own;
  return {
    types: { ...rules.types, ...types },
    type,
    policy: (problem) => {
      const named = policies?.classes.get(problem) ?? (problem === NAMED_ONLY ? undefined : policies?.default);
      return named === undefined ? policyOf(rules.policies, problem) : possible(named, problem);
    },
  };
}

const policyOf = ({ classes, default: usual }: Policies, problem: ProblemClass): Policy =>
  possible(classes.get(problem) ?? (problem === NAMED_ONLY ? 'error' : usual), problem);

/** A default reaches classes for which it makes no sense: for those it stays an error. */
function possible(policy: Policy, problem: ProblemClass): Policy {
  if (ALWAYS_ERROR.has(problem) || (problem === NAMED_ONLY && policy === 'text')) return 'error';
  return policy === 'clamp' && NO_NEAREST.has(problem) ? 'error' : policy;
}

/** Whether some value may be replaced under these rules. */
export function mayReplace({ policies, columns }: ValueRules): boolean {
  const all = [policies, ...[...columns.values()].flatMap((column) => column.policies ?? [])];
  return all.some((one) =>
    [one.default, ...one.classes.values()].some((policy) => policy === 'null' || policy === 'clamp'),
  );
}

/** What holds for a column of which nothing was said. */
export const DEFAULT_COLUMN: ColumnRules = columnRules(DEFAULT_RULES, { schema: '', name: '' }, '');
