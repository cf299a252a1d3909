import { relationName } from '../../model/relation.ts';
import type { Row, Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { describeRow, keyOf } from '../refusal.ts';
import { isRefusal } from './errors.ts';
import type { Wire } from './wire.ts';

/**
 * For people: the row that was refused, or the table where it cannot be told. The transaction is gone by then, so rows
 * are offered again, by halves, in transactions that are rolled back.
 */
export async function whereAmong(
  wire: Wire,
  target: Target,
  rows: Rows,
  apply: (some: Rows) => Promise<void>,
): Promise<string> {
  const row = await culprit(wire, rows, apply).catch(() => null);
  return row ? describeRow(target.relation, keyOf(target.relation, row)) : relationName(target.relation);
}

async function culprit(wire: Wire, rows: Rows, apply: (some: Rows) => Promise<void>): Promise<Row | null> {
  const refused = (from: number, to: number): Promise<boolean> =>
    wire.aside(async () => {
      try {
        await apply(rows.slice(from, to));
        return false;
      } catch (error) {
        if (isRefusal(error)) return true;
        throw error;
      }
    });
  let [from, to] = [0, rows.length];
  if (!(await refused(from, to))) return null;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (await refused(from, middle)) to = middle;
    else from = middle;
  }
  return rows.at(from) ?? null;
}
