import type { Changes } from './change.ts';
import type { Lsn } from './lsn.ts';

/** A run of changes of one source transaction within a batch. */
export interface TransactionPart {
  readonly xid: number;
  /** Start of its commit record; of transactions that follow each other it rises. */
  readonly commitLsn: Lsn;
  /** Milliseconds since the epoch, by the source's clock. */
  readonly commitTime: number;
  /** Index behind the last of its changes in the batch; where it has none, as that of the part before. */
  readonly upTo: number;
  /** The rest of its changes follows in the next batch. */
  readonly open: boolean;
}

/**
 * Changes applied in one go. With `end` the batch finishes whole source transactions: rows and checkpoint commit
 * together. Without it more pieces of the same huge transaction follow, and the destination keeps its transaction open.
 */
export interface Batch {
  readonly changes: Changes;
  readonly end: Lsn | null;
  /** Row changes in `changes`. */
  readonly rows: number;
  /** Source transactions that this batch finishes. */
  readonly transactions: number;
  /** Commit time of the last finished transaction, ms since the epoch by the source's clock; null without one. */
  readonly commitTime: number | null;
  /** Which changes belong to which transaction, in order, for destinations that asked (`Destination.wantsParts`). */
  readonly parts?: readonly TransactionPart[];
}
