import type { Lsn } from './lsn.ts';
import type { Relation } from './relation.ts';
import type { Row } from './value.ts';

/**
 * One change of one source transaction. `key` has the values of `relation.key`, in that order: the old key, also where
 * the update did not change it. `after` has every column of the relation.
 */
export type Change =
  | { readonly kind: 'insert'; readonly relation: Relation; readonly after: Row }
  | { readonly kind: 'update'; readonly relation: Relation; readonly key: Row; readonly after: Row }
  | { readonly kind: 'delete'; readonly relation: Relation; readonly key: Row }
  | { readonly kind: 'truncate'; readonly relations: readonly Relation[] }
  | {
      readonly kind: 'message';
      readonly prefix: string;
      readonly content: Uint8Array;
      readonly transactional: boolean;
    };

export type RowChange = Extract<Change, { kind: 'insert' | 'update' | 'delete' }>;

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
export type SourceEvent = Begin | Change | RelationEvent | Commit | Idle;
