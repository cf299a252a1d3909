import { Cursor } from './bytes.ts';

const TRANSACTION = 2;

/** ALL_HEADERS, of which only the transaction descriptor is of interest. [MS-TDS] 2.2.5.3 */
export function transactionHeader(cursor: Cursor): bigint {
  const all = new Cursor(cursor.take(cursor.u32() - 4));
  while (all.left > 0) {
    const header = new Cursor(all.take(all.u32() - 4));
    if (header.u16() === TRANSACTION) return header.u64();
  }
  return 0n;
}

/** What a message says of itself, whatever it asks. */
export interface Facts {
  readonly connection: number;
  readonly reset: boolean;
}
