import type { TransactionPart } from '../../../model/batch.ts';

/** An event's place in its transaction, both from 1: among all of its events, and among those of the same table. */
export interface TransactionOrder {
  readonly id: string;
  readonly total: number;
  readonly inCollection: number;
}

/** Where a count can be taken back to, when events are made again. */
export interface CountMark {
  readonly total: number;
  readonly inCollection: number;
}

/** Counts the events of one source transaction, by table. Holds no event. */
export class TransactionCounts {
  /** As Debezium's PostgreSQL connector forms it: the transaction's number and LSN. */
  readonly id: string;
  /** `schema.table` with its events so far, in the order of their first ones. */
  readonly collections = new Map<string, number>();
  private counted = 0;

  constructor({ xid, commitLsn }: Pick<TransactionPart, 'xid' | 'commitLsn'>) {
    this.id = `${xid}:${commitLsn}`;
  }

  get total(): number {
    return this.counted;
  }

  next(collection: string): TransactionOrder {
    const inCollection = (this.collections.get(collection) ?? 0) + 1;
    this.counted += 1;
    this.collections.set(collection, inCollection);
    return { id: this.id, total: this.counted, inCollection };
  }

  mark(collection: string): CountMark {
    return { total: this.counted, inCollection: this.collections.get(collection) ?? 0 };
  }

  back(collection: string, { total, inCollection }: CountMark): void {
    this.counted = total;
    if (inCollection === 0) this.collections.delete(collection);
    else this.collections.set(collection, inCollection);
  }
}

/** JSON of the envelope's `transaction`. */
export const transactionBlock = (order: TransactionOrder | null): string =>
  order ? `{"id":"${order.id}","total_order":${order.total},"data_collection_order":${order.inCollection}}` : 'null';
