import { Pg2anyError } from '../../model/error.ts';
import { relationName } from '../../model/relation.ts';
import { type Row, UNCHANGED, type Value } from '../../model/value.ts';
import type { ColumnCodec, Target } from '../contract.ts';
import { unrepresentable } from '../refusal.ts';
import { isFiniteFloat } from '../values/float.ts';
import { hexBytes } from '../values/scalar.ts';
import type { SqlValue } from './database.ts';
import { REAL_PARAMETER } from './dialect.ts';

/** A finite number as a double, `NaN` and `Infinity` as the text that stays text in a REAL column. */
const real = (text: string): SqlValue => (isFiniteFloat(text) ? Number(text) : text);

/** Any integer of so many characters is exact as a double. */
const EXACT_DIGITS = 15;

function boundAs(storage: ColumnCodec['storage'], text: string): SqlValue {
  switch (storage) {
    case 'text':
      return text;
    case 'integer':
    case 'boolean':
      // the same to a column of integers, and cheaper
      return text.length <= EXACT_DIGITS ? Number(text) : BigInt(text);
    case 'real':
      return real(text);
    case 'bytes':
      return hexBytes(text);
  }
}

/**
 * Appends the values of these columns. `values` are aligned with `columns`, `key` serves the message only. Throws
 * VALUE_UNREPRESENTABLE.
 */
export function bindColumns(
  into: SqlValue[],
  target: Target,
  columns: readonly number[],
  values: readonly (Value | undefined)[],
  key: () => Row,
): void {
  for (let i = 0; i < columns.length; i++) {
    const value = values[i];
    const column = columns[i] ?? 0;
    if (value === null) into.push(null);
    else into.push(bindOne(target, column, value, key));
  }
}

function bindOne(target: Target, column: number, value: Value | undefined, key: () => Row): SqlValue {
  const codec = target.codecs[column];
  if (codec === undefined || value === undefined || value === null || value === UNCHANGED)
    throw new Pg2anyError('INTERNAL', `${relationName(target.relation)}: a row without a value for column ${column}`);
  try {
    return boundAs(codec.storage, codec.encode(value));
  } catch (error) {
    throw unrepresentable(target, column, key(), error);
  }
}

/** Text for a statement written by the SQL destination: `bound` has marked what must be a number. */
export function bindCells(sql: string, cells: readonly (string | null)[]): readonly SqlValue[] {
  if (!sql.includes(REAL_PARAMETER)) return cells;
  const marks = withoutQuoted(sql)
    .split('?')
    .map((before) => `${before}?`.endsWith(REAL_PARAMETER));
  return cells.map((cell, i) => (cell !== null && marks[i] ? real(cell) : cell));
}

/** A question mark in a name is no parameter. */
const withoutQuoted = (sql: string): string => sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, '');
