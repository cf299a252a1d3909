import { relationName } from '../../model/relation.ts';
import type { Row, Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { describeRow, keyOf } from '../refusal.ts';
import { isRefusal } from './errors.ts';
import { ROWS_PER_STATEMENT, spelling, statements } from './many.ts';
import { insertHead, upsertTail } from './statements.ts';
import type { Wire } from './wire.ts';

/**
 * For people: the row that was refused, or the table where it cannot be told. `said` is the server's message, which
 * often counts the rows of the statement from 1. Writes, so only for a transaction that is about to be rolled back.
 */
export async function whereAmong(wire: Wire, target: Target, rows: Rows, said: string): Promise<string> {
  const at = /at row (\d+)/.exec(said)?.[1];
  const row =
    rows.length === 1 ? rows.at(0) : at === undefined ? await culprit(wire, target, rows) : rows.at(Number(at) - 1);
  return row ? describeRow(target.relation, keyOf(target.relation, row)) : relationName(target.relation);
}

/** Rows are offered again, by halves, until one refused row is left. */
async function culprit(wire: Wire, target: Target, rows: Rows): Promise<Row | null> {
  const tail = target.relation.identity === 'key' ? upsertTail(target) : '';
  for (const { rows: some, texts } of statements(wire, rows, spelling(wire, target), ROWS_PER_STATEMENT)) {
    const refused = (from: number, to: number): Promise<boolean> =>
      isRefused(wire, target, insertHead(target) + texts.slice(from, to).join(',') + tail);
    if (!(await refused(0, some.length))) continue;
    let [from, to] = [0, some.length];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (await refused(from, middle)) to = middle;
      else from = middle;
    }
    return some.at(from) ?? null;
  }
  return null;
}

/** Throws what says nothing about the rows: a deadlock has ended the transaction, and what follows would commit by itself. */
async function isRefused(wire: Wire, { relation }: Target, sql: string): Promise<boolean> {
  try {
    await wire.send(sql);
    return false;
  } catch (error) {
    if (isRefusal(error)) return true;
    throw wire.failure(error, relationName(relation));
  }
}
