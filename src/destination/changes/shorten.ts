import { columnRules, type ValueRules } from '../../model/mapping.ts';
import type { Row, Value } from '../../model/value.ts';
import type { Dialect, Target } from '../contract.ts';

/** What a row that is too large for one statement is made smaller by. */
export type Shorten = (row: Row, replaced: (column: number, text: string) => void) => Row;

export type Shape = Pick<Target, 'relation' | 'codecs' | 'columns' | 'place'>;

/**
 * Writes NULL in place of the longest values whose policy lets it, until a statement takes the row. Null where no column
 * of the table has such a policy, or where any row fits.
 */
export function shortening(rules: ValueRules, dialect: Dialect, target: Shape): Shorten | null {
  const { relation } = target;
  const columns = relation.columns.flatMap(({ name }, i) => {
    const isKey = relation.identity === 'key' && relation.key.includes(i);
    return !isKey && columnRules(rules, relation, name).policy('PACKET_TOO_LARGE') === 'null' ? [i] : [];
  });
  const { tooLarge } = dialect;
  if (columns.length === 0 || !tooLarge) return null;
  return (row, replaced) => {
    let shorter: Value[] | null = null;
    while (tooLarge(target, shorter ?? row)) {
      const column = longest(shorter ?? row, columns);
      const text = column === null ? null : row[column];
      if (column === null || typeof text !== 'string') return shorter ?? row;
      replaced(column, text);
      shorter ??= [...row];
      shorter[column] = null;
    }
    return shorter ?? row;
  };
}

const lengthOf = (value: Value | undefined): number => (typeof value === 'string' ? value.length : 0);

function longest(row: Row, columns: readonly number[]): number | null {
  const found = columns.reduce(
    (best, one) => (lengthOf(row[one]) > lengthOf(row[best]) ? one : best),
    columns[0] ?? -1,
  );
  return lengthOf(row[found]) > 0 ? found : null;
}
