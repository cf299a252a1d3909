import type { Lsn } from './lsn.ts';

/** Which stream a checkpoint belongs to. Another `systemId` under the same slot name is another database. */
export interface StreamIdentity {
  readonly slot: string;
  /** IDENTIFY_SYSTEM's systemid: unsigned 64-bit, as decimal text. */
  readonly systemId: string;
}

/** How far the initial copy of one table is. */
export interface TableState {
  readonly schema: string;
  readonly name: string;
  /** Source OID; a different one under the same name is a recreated table. */
  readonly oid: number;
  readonly state: 'copying' | 'copied';
  /** Changes of transactions that committed before this LSN are already in the copied rows. */
  readonly snapshot: Lsn;
  readonly rows: number;
}

/** What a destination remembers of a pipeline. */
export interface Checkpoint {
  /** End LSN of the last whole source transaction applied. */
  readonly flushed: Lsn;
  readonly tables: readonly TableState[];
}
