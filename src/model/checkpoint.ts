import type { Lsn } from './lsn.ts';
import type { PgType, Relation } from './relation.ts';

/** Which stream a checkpoint belongs to. Another `systemId` under the same slot name is another database. */
export interface StreamIdentity {
  readonly slot: string;
  /** IDENTIFY_SYSTEM's systemid: unsigned 64-bit, as decimal text. */
  readonly systemId: string;
  /** From which changes are received from now on (`Timeline.id`). Null or absent: it is not known. */
  readonly timeline?: number | null;
}

/** A stream that is looked for; null is any source's, for whoever cannot ask it. */
export interface SoughtStream extends Pick<StreamIdentity, 'slot'> {
  readonly systemId: StreamIdentity['systemId'] | null;
}

/** One column of a source table, as the destination remembers it. */
export interface KnownColumn {
  /** `pg_attribute.attnum`, which stays the same however the column is renamed. */
  readonly attnum: number;
  /** The name at the source, as of the checkpoint. */
  readonly name: string;
  /** What it was called when it was first seen, where that is another name: as `TableShape.origin`. */
  readonly origin?: string;
  /** The name at the destination. */
  readonly column: string;
  /** A rename under way: DDL may have committed although it was not remembered. */
  readonly becoming?: string;
  /** Type at the source, domains resolved. */
  readonly typeOid: number;
  readonly typmod: number;
  /** The type that the column was widened to already, ahead of the checkpoint. */
  readonly holds?: PgType;
  /** What rows from before the column show in it, as PostgreSQL text. */
  readonly fill?: string;
  /** Of a native ENUM: its labels by `pg_enum.oid`, so that a label that was renamed is not taken for another one. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Dropped at the source; the destination keeps the column. */
  readonly dropped?: true;
  /** Never written: it was added while changes were ignored. `column` is empty. */
  readonly ignored?: true;
}

/** Where a source table lives at the destination, as of the checkpoint. Added columns may be newer. */
export interface TableShape {
  readonly target: Relation['target'];
  /** A move under way, as `KnownColumn.becoming`. */
  readonly becoming?: Relation['target'];
  /** `Relation.storage` before any column was added that is not here. */
  readonly files?: string;
  /** What the source table was called when it was first seen: the configuration may go on calling it so. */
  readonly origin: { readonly schema: string; readonly name: string };
  readonly columns: readonly KnownColumn[];
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
  /** Null where it was never remembered. */
  readonly shape?: TableShape | null;
}

/** What a destination remembers of a pipeline. */
export interface Checkpoint {
  /** End LSN of the last whole source transaction applied. */
  readonly flushed: Lsn;
  /** On which that and everything else here was received; null where it is not known. */
  readonly timeline: number | null;
  readonly tables: readonly TableState[];
  /** Of several destinations: what each remembers. */
  readonly members?: readonly MemberCheckpoint[];
}

export interface MemberCheckpoint extends Checkpoint {
  /** As `Member.name`. */
  readonly name: string;
}
