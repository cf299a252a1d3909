import type { TableReader } from '../model/destination.ts';
import type { Lsn } from '../model/lsn.ts';
import type { Relation } from '../model/relation.ts';
import type { Row } from '../model/value.ts';

/** The source side: fresh, consistent reads in PostgreSQL's text form under the pinned settings. */
export interface VerifySource {
  /** Every published row of the table, as of one new snapshot per call. */
  rows(relation: Relation, signal: AbortSignal): AsyncIterable<readonly Row[]>;
  /** The row with this key (values of `relation.key`) as of now, or null. */
  find(relation: Relation, key: Row): Promise<Row | null>;
  /**
   * A position that lies behind the commit of every transaction an earlier read could see. With
   * synchronous_commit = off a commit is visible up to three wal_writer_delay before it is flushed, so the flush
   * position counts only once it has reached the insert position of the moment, or after that pause.
   * https://www.postgresql.org/docs/current/wal-async-commit.html
   */
  position(): Promise<Lsn>;
}

/** The destination side. */
export interface VerifyDestination {
  reader(relation: Relation): TableReader;
  /** Everything before it is applied; null where the pipeline has no checkpoint there. */
  flushed(): Promise<Lsn | null>;
}

/** Time, so that tests need none. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export type Phase = 'source' | 'waiting' | 'destination' | 'confirming';

export interface Progress {
  readonly table: string;
  readonly phase: Phase;
  /** 1 for the first look at the table; more while suspects are looked at again. */
  readonly round: number;
  /** Rows read in this phase. */
  readonly rows: number;
}

export interface VerifyOptions {
  /** Examples kept per table. */
  readonly examples: number;
  /** After so many confirmed differences a table counts as read: the number reported is then a lower bound. */
  readonly maxDifferences: number;
  /** Cells of the sketch, the bound of the memory: about 20 bytes each, for about 0.75 differing rows each. */
  readonly cells: number;
  /** How long the destination's position may stand still before verify goes on without it. */
  readonly graceMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}
