import type { Batch, TransactionPart } from '../../../src/model/batch.ts';
import type { Change } from '../../../src/model/change.ts';
import { lsn } from '../../../src/model/lsn.ts';
import { relation } from '../../support/relations.ts';

export const table = relation('t', ['id int4', 'v'], ['id']);
export const insert = (id: number, v = 'x'): Change => ({ kind: 'insert', relation: table, after: [String(id), v] });

/** One source transaction that ends at `end`. */
export function transaction(changes: readonly Change[], end: number, open = false): Batch {
  const commitLsn = lsn(BigInt(end - 1));
  const part: TransactionPart = { xid: end, commitLsn, commitTime: 0, upTo: changes.length, open };
  const rows = changes.length;
  return { changes, rows, end: open ? null : lsn(BigInt(end)), transactions: 1, commitTime: 0, parts: [part] };
}
