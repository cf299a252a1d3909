import { Cursor } from './bytes.ts';
import { type Message, PACKET } from './packets.ts';
import type { Batch, Request, RequestKind, Transaction } from './received.ts';

const KINDS: ReadonlyMap<number, RequestKind> = new Map([
  [PACKET.batch, 'batch'],
  [PACKET.rpc, 'rpc'],
  [PACKET.bulk, 'bulk'],
  [PACKET.transaction, 'transaction'],
]);

/** The kind of request in a message of this packet type; undefined when it is none. */
export const kindOf = (type: number): RequestKind | undefined => KINDS.get(type);

export function parseRequest({ type, data, reset }: Message, connection: number): Request {
  const cursor = new Cursor(data);
  switch (kindOf(type)) {
    case 'batch':
      return parseBatch(cursor, { connection, reset });
    case 'transaction':
      return parseTransaction(cursor, { connection, reset });
    default:
      throw new Error(`a client sends no packets of type ${type}`);
  }
}

interface Facts {
  readonly connection: number;
  readonly reset: boolean;
}

const TRANSACTION_HEADER = 2;

/** ALL_HEADERS; only the transaction descriptor is of interest. [MS-TDS] 2.2.5.3 */
function transactionHeader(cursor: Cursor): bigint {
  const all = new Cursor(cursor.take(cursor.u32() - 4));
  while (all.left > 0) {
    const header = new Cursor(all.take(all.u32() - 4));
    if (header.u16() === TRANSACTION_HEADER) return header.u64();
  }
  return 0n;
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
  if (!what) throw new Error(`transaction request ${number} is not answered here`);
  const isolation = what === 'begin' ? cursor.u8() : 0;
  const name = cursor.ucs2(cursor.u8() / 2);
  return { kind: 'transaction', ...facts, transaction, what, name, isolation };
}
