import type { Lsn } from './lsn.ts';
import type { Relation } from './relation.ts';
import type { PackedRow, Row, Rows } from './value.ts';

/**
 * One change of one source transaction. `key` has the values of `relation.key`, in that order: the old key, also where
 * the update did not change it. `after` has every column of the relation. Rows may still be bytes: then `key` and
 * `after` are read from them each time they are asked for, and are not properties of the object's own.
 */
export type Change =
  | Insert
  | Update
  | Delete
  | { readonly kind: 'truncate'; readonly relations: readonly Relation[] }
  | {
      readonly kind: 'message';
      readonly prefix: string;
      readonly content: Uint8Array;
      readonly transactional: boolean;
    };

interface Kept {
  /** `after`, as long as it is bytes. */
  readonly packed?: PackedRow;
  /** The same change, where its row is still bytes, of the relation as it is routed. */
  readonly onto?: (relation: Relation) => RowChange;
}

export interface Insert extends Kept {
  readonly kind: 'insert';
  readonly relation: Relation;
  readonly after: Row;
  /** Where it costs less than `after`. */
  readonly key?: Row;
}

export interface Update extends Kept {
  readonly kind: 'update';
  readonly relation: Relation;
  readonly key: Row;
  readonly after: Row;
  /** Every column of the old row, where the server sent it (REPLICA IDENTITY FULL). */
  readonly before?: Row;
  /** The key stays and every column of `after` is known, which spares looking. */
  readonly whole?: true;
}

export interface Delete extends Kept {
  readonly kind: 'delete';
  readonly relation: Relation;
  readonly key: Row;
  /** As `Update.before`. */
  readonly before?: Row;
}

export type RowChange = Insert | Update | Delete;

/** Inserts of one table that follow each other in one transaction, kept together because there are many. */
export interface Inserts {
  readonly kind: 'inserts';
  readonly relation: Relation;
  readonly rows: Rows;
  /** Each as a change of its own. */
  singles(): Iterable<Insert>;
  /** The same of the relation as it is routed. */
  onto(relation: Relation): Inserts;
}

/** Changes in order. An array is such; others make each when it is asked for, so that it need not be kept. */
export interface Changes extends Iterable<Change> {
  /** Of single changes. */
  readonly length: number;
  /** Where inserts are kept together: the same changes as they are kept. */
  readonly kept?: Iterable<Change | Inserts>;
}

/** `commitLsn` is the start of the commit record, known at begin for transactions that are not streamed. */
export interface Begin {
  readonly kind: 'begin';
  readonly xid: number;
  readonly commitLsn: Lsn;
  /** Milliseconds since the Unix epoch, by the source's clock. */
  readonly commitTime: number;
}

/** `end` is the first byte after the commit record: the only LSN that may become a checkpoint. */
export interface Commit {
  readonly kind: 'commit';
  readonly commitLsn: Lsn;
  readonly end: Lsn;
  readonly commitTime: number;
}

/** A table appears for the first time in this session, or its shape changed at this point of the stream. */
export interface RelationEvent {
  readonly kind: 'relation';
  readonly relation: Relation;
  /** The same table (same OID) as it was before, null when first seen in this session. */
  readonly previous: Relation | null;
}

/** Everything before `walEnd` was sent, and no transaction is open. */
export interface Idle {
  readonly kind: 'idle';
  readonly walEnd: Lsn;
  /** The server waits for an answer (a fast shutdown does): confirm as soon as possible. */
  readonly urgent: boolean;
}

/** What the source yields, in stream order. Changes stand only between a begin and its commit. */
export type SourceEvent = Begin | Change | Inserts | RelationEvent | Commit | Idle;
