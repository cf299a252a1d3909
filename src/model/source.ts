import type { SourceEvent } from './change.ts';
import type { Lsn } from './lsn.ts';
import type { Relation } from './relation.ts';
import type { Row } from './value.ts';

/** A consistent view of the source that several readers may share, and the LSN it stands for. */
export interface Snapshot {
  /** Transactions whose commit record starts before this LSN are in the snapshot. */
  readonly lsn: Lsn;
  /** Whole rows of one table, in chunks; columns in the order of `relation.columns`. */
  read(relation: Relation, signal: AbortSignal): AsyncIterable<readonly Row[]>;
  close(): Promise<void>;
}

/** The stream of one slot. Pulling the next chunk is the backpressure; `acknowledge` frees WAL on the source. */
export interface Stream {
  chunks(signal: AbortSignal): AsyncIterable<readonly SourceEvent[]>;
  /** Everything before `flushed` is durable at every destination. */
  acknowledge(flushed: Lsn): void;
  /** Final feedback, end of copy, release of the slot. */
  close(): Promise<void>;
}
