import { Pg2anyError } from '../model/error.ts';
import { ALWAYS_ERROR, columnKey, NO_NEAREST, type ProblemClass } from '../model/mapping.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Row, Value } from '../model/value.ts';
import { UNCHANGED } from '../model/value.ts';
import type { Target } from './contract.ts';
import { ValueProblem } from './problem.ts';
import { excerpt } from './values/excerpt.ts';

const shown = (value: Value | undefined): string =>
  value === undefined || value === UNCHANGED ? '?' : value === null ? 'NULL' : `'${excerpt(value)}'`;

/** The values of `relation.key` in a row that has every column. */
export const keyOf = (relation: Relation, row: Row): Row => relation.key.map((column) => row[column] ?? null);

/** Where a row lives, for people: `public.orders (id = '5')`. Without a key, the first columns have to do. */
export function describeRow(relation: Relation, key: Row): string {
  const parts = relation.key.slice(0, 4).map((column, i) => `${relation.columns[column]?.name} = ${shown(key[i])}`);
  return `${relationName(relation)}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}

/**
 * What a failed `ColumnCodec.encode` means to the user: VALUE_UNREPRESENTABLE with table, key and column. Anything but
 * a ValueProblem is given back as it is. `key` has the values of `relation.key`.
 */
export function unrepresentable(
  target: Pick<Target, 'relation' | 'codecs'>,
  column: number,
  key: Row,
  error: unknown,
): unknown {
  if (!(error instanceof ValueProblem)) return error;
  const { relation, codecs } = target;
  const name = relation.columns[column]?.name ?? '?';
  const type = relation.columns[column]?.type.display ?? '?';
  const message = `${describeRow(relation, key)}: the value of ${name} (${type}) ${error.message} [${error.problem}]`;
  const hint = remedy(relation, column, error.problem, codecs[column]?.ddl ?? 'it has');
  return new Pg2anyError('VALUE_UNREPRESENTABLE', message, {
    hint,
    cause: error,
    lookAgain: unseenLabel(relation, column, error),
    problem: error.problem,
  });
}

/** As `unrepresentable`, of the default of a column that was added. */
export function unrepresentableDefault(
  { relation, codecs }: Pick<Target, 'relation' | 'codecs'>,
  column: number,
  text: string,
  error: unknown,
): unknown {
  if (!(error instanceof ValueProblem)) return error;
  const { name = '?', type } = relation.columns[column] ?? {};
  const message = `${relationName(relation)}: column ${name} (${type?.display}) was added with the default ${shown(text)}, which rows from before show: the value ${error.message} [${error.problem}]`;
  const hint = remedy(relation, column, error.problem, codecs[column]?.ddl ?? 'it has');
  return new Pg2anyError('VALUE_UNREPRESENTABLE', message, {
    hint,
    cause: error,
    lookAgain: unseenLabel(relation, column, error),
    problem: error.problem,
  });
}

/** An enum may have got a label since its type was looked up: nothing in the stream tells. */
function unseenLabel(relation: Relation, column: number, { problem, message }: ValueProblem): string | null {
  const { name, type } = relation.columns[column] ?? {};
  return problem === 'UNKNOWN_LABEL' && type?.enumLabels ? `${relationName(relation)}.${name} ${message}` : null;
}

const UNBOUNDED: ReadonlySet<ProblemClass> = new Set(['NUMERIC_OVERFLOW', 'NUMERIC_SCALE']);

/** Keys that their hash takes as they are. */
const HASHED_AWAY: ReadonlySet<ProblemClass> = new Set(['TEXT_KEY_TOO_LONG', 'SPACE_KEY', 'ZERO_KEY']);

/** The line of the configuration that lets such a value pass, and what it means. */
function remedy(relation: Relation, column: number, problem: ProblemClass, ddl: string): string {
  const { name = '?', type } = relation.columns[column] ?? {};
  const line = (own: string): string => `columns: { "${columnKey(relation, name)}": ${own} }`;
  const change = `Change the value at the source, or give the destination column ${name} another type than ${ddl}`;
  if (HASHED_AWAY.has(problem))
    return `${change}: ${line('{ keysText: hash }')} lets such keys pass; drop the destination table first, so that it is made anew.`;
  if (problem === 'PACKET_TOO_LARGE') {
    const larger = 'Raise max_allowed_packet at the destination, or make the row smaller';
    if (relation.identity === 'key' && relation.key.includes(column)) return `${larger}.`;
    return `${larger}: ${line('{ policy: { PACKET_TOO_LARGE: null } }')} lets it pass: NULL is written in its place, and its beginning and length kept in pg2any_lost_values.`;
  }
  if (ALWAYS_ERROR.has(problem)) return `${change}.`;
  if (relation.identity === 'key' && relation.key.includes(column))
    return `${change}: ${line('{ policy: text }')} keeps all of it as text; drop the destination table first, so that it is made anew.`;
  if (problem === 'UNKNOWN_LABEL' && type?.enumLabels)
    return `${change}: ${line('{ enum: varchar }')} takes any label, once the destination column is a text column.`;
  const policy = NO_NEAREST.has(problem) ? 'null' : 'clamp';
  const written = policy === 'null' ? 'NULL' : 'the nearest value';
  const lets = `${line(`{ policy: { ${problem}: ${policy} } }`)} lets it pass: ${written} is written in its place and the original kept in pg2any_lost_values.`;
  if (type?.name !== 'numeric' || type.typmod !== -1 || !UNBOUNDED.has(problem)) return `${change}: ${lets}`;
  return `${change}: ${line('{ numericUnbounded: text }')} keeps every digit, once the destination column is a text of any length. Or ${lets}`;
}
