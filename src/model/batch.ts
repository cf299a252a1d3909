import type { Change } from './change.ts';
import type { Lsn } from './lsn.ts';

/**
 * Changes applied in one go. With `end` the batch finishes whole source transactions: rows and checkpoint commit
 * together. Without it more pieces of the same huge transaction follow, and the destination keeps its transaction open.
 */
export interface Batch {
  readonly changes: readonly Change[];
  readonly end: Lsn | null;
  /** Row changes in `changes`. */
  readonly rows: number;
  /** Source transactions that this batch finishes. */
  readonly transactions: number;
  /** Commit time of the last finished transaction, ms since the epoch by the source's clock; null without one. */
  readonly commitTime: number | null;
}
