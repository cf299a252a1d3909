import { Pg2anyError } from '../model/error.ts';
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
  return new Pg2anyError('VALUE_UNREPRESENTABLE', message, {
    hint: `Change the value at the source, or give the destination column ${name} another type than ${codecs[column]?.ddl}.`,
    cause: error,
  });
}
