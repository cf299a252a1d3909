import { parseBulk } from './bulk.ts';
import { Cursor } from './bytes.ts';
import { type Facts, transactionHeader } from './headers.ts';
import { type Message, PACKET } from './packets.ts';
import type { Batch, Request, RequestKind, Transaction } from './received.ts';
import { parseRpc } from './rpc.ts';

const KINDS: ReadonlyMap<number, RequestKind> = new Map([
  [PACKET.batch, 'batch'],
  [PACKET.rpc, 'rpc'],
  [PACKET.bulk, 'bulk'],
  [PACKET.transaction, 'transaction'],
]);

const PARSERS: Record<RequestKind, (cursor: Cursor, facts: Facts) => Request> = {
  batch: parseBatch,
  rpc: parseRpc,
  bulk: parseBulk,
  transaction: parseTransaction,
};

/** The kind of request in a message of this packet type; undefined when it is none. */
export const kindOf = (type: number): RequestKind | undefined => KINDS.get(type);

export function parseRequest({ type, data, reset }: Message, connection: number): Request {
  const kind = kindOf(type);
  if (!kind) throw new Error(`packets of type ${type} are not expected here`);
  return PARSERS[kind](new Cursor(data), { connection, reset });
}

/** [MS-TDS] 2.2.6.7 */
function parseBatch(cursor: Cursor, facts: Facts): Batch {
  const transaction = transactionHeader(cursor);
  return { kind: 'batch', ...facts, transaction, text: cursor.ucs2(cursor.left / 2) };
}

const TRANSACTIONS: ReadonlyMap<number, Transaction['what']> = new Map([
  [5, 'begin'],
  [7, 'commit'],
  [8, 'rollback'],
  [9, 'save'],
]);

/** [MS-TDS] 2.2.6.9 */
function parseTransaction(cursor: Cursor, facts: Facts): Transaction {
  const transaction = transactionHeader(cursor);
  const number = cursor.u16();
  const what = TRANSACTIONS.get(number);
  if (!what) throw new Error(`transaction request ${number} cannot be answered here`);
  const isolation = what === 'begin' ? cursor.u8() : 0;
  const name = cursor.ucs2(cursor.u8() / 2);
  return { kind: 'transaction', ...facts, transaction, what, name, isolation };
}
