import type { Lsn } from '../model/lsn.ts';
import type { ReplicaIdentity } from '../model/relation.ts';
import type { Row } from '../model/value.ts';

/**
 * The messages of pgoutput, protocol versions 1 to 4, as the server sent them.
 * https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
 *
 * OIDs and xids are unsigned 32-bit. Times are milliseconds since the Unix epoch by the source's clock, with
 * microseconds as fraction. `xid` of a change is the (sub)transaction that made it: sent between streamStart and
 * streamStop only, null otherwise.
 */
export type Message =
  | Begin
  | Commit
  | Origin
  | RelationMessage
  | TypeMessage
  | Insert
  | Update
  | Delete
  | Truncate
  | LogicalMessage
  | StreamStart
  | StreamStop
  | StreamCommit
  | StreamAbort
  | BeginPrepare
  | Prepare
  | CommitPrepared
  | RollbackPrepared;

/** `commitLsn` is the start of the commit record. */
export interface Begin {
  readonly kind: 'begin';
  readonly commitLsn: Lsn;
  readonly commitTime: number;
  readonly xid: number;
}

/** `end` is the first byte after the commit record. */
export interface Commit {
  readonly kind: 'commit';
  readonly commitLsn: Lsn;
  readonly end: Lsn;
  readonly commitTime: number;
}

/** `lsn` is a position at the origin, not here. */
export interface Origin {
  readonly kind: 'origin';
  readonly lsn: Lsn;
  readonly name: string;
}

export interface RelationMessage {
  readonly kind: 'relation';
  readonly xid: number | null;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly replicaIdentity: ReplicaIdentity;
  readonly columns: readonly RelationColumn[];
}

/** `key`: part of the replica identity, which is every column under REPLICA IDENTITY FULL. */
export interface RelationColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typmod: number;
  readonly key: boolean;
}

/** A type that is not built in. For a domain: the domain's OID with schema and name of its base type. */
export interface TypeMessage {
  readonly kind: 'type';
  readonly xid: number | null;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
}

export interface Insert {
  readonly kind: 'insert';
  readonly xid: number | null;
  readonly oid: number;
  readonly after: Row;
}

/** `old` is null where the key did not change (and the replica identity is not full). */
export interface Update {
  readonly kind: 'update';
  readonly xid: number | null;
  readonly oid: number;
  readonly old: OldRow | null;
  readonly after: Row;
}

export interface Delete {
  readonly kind: 'delete';
  readonly xid: number | null;
  readonly oid: number;
  readonly old: OldRow;
}

/** In a `key` row every column outside the replica identity is null as a placeholder: it says nothing. */
export interface OldRow {
  readonly kind: 'key' | 'full';
  readonly row: Row;
}

export interface Truncate {
  readonly kind: 'truncate';
  readonly xid: number | null;
  readonly oids: readonly number[];
  readonly cascade: boolean;
  readonly restartIdentity: boolean;
}

/** From pg_logical_emit_message(). `content` is a copy. Not transactional: stands outside of any transaction. */
export interface LogicalMessage {
  readonly kind: 'message';
  readonly xid: number | null;
  readonly transactional: boolean;
  readonly lsn: Lsn;
  readonly prefix: string;
  readonly content: Uint8Array;
}

/** A block of a transaction in progress follows; `first` on its first block. `xid` is the top transaction. */
export interface StreamStart {
  readonly kind: 'streamStart';
  readonly xid: number;
  readonly first: boolean;
}

export interface StreamStop {
  readonly kind: 'streamStop';
}

export interface StreamCommit {
  readonly kind: 'streamCommit';
  readonly xid: number;
  readonly commitLsn: Lsn;
  readonly end: Lsn;
  readonly commitTime: number;
}

/** `xid` equal to `subXid`: the whole transaction. `abort` is sent with streaming 'parallel' only. */
export interface StreamAbort {
  readonly kind: 'streamAbort';
  readonly xid: number;
  readonly subXid: number;
  readonly abort: { readonly lsn: Lsn; readonly time: number } | null;
}

/** Positions of the prepare record and of the first byte after it. */
interface Prepared {
  readonly prepareLsn: Lsn;
  readonly end: Lsn;
  readonly prepareTime: number;
  readonly xid: number;
  readonly gid: string;
}

export interface BeginPrepare extends Prepared {
  readonly kind: 'beginPrepare';
}

/** `streamed`: ends a transaction that came in blocks, not one that began with beginPrepare. */
export interface Prepare extends Prepared {
  readonly kind: 'prepare';
  readonly streamed: boolean;
}

export interface CommitPrepared {
  readonly kind: 'commitPrepared';
  readonly commitLsn: Lsn;
  readonly end: Lsn;
  readonly commitTime: number;
  readonly xid: number;
  readonly gid: string;
}

/** `prepareEnd` is the first byte after the prepare record, `end` the first after the rollback record. */
export interface RollbackPrepared {
  readonly kind: 'rollbackPrepared';
  readonly prepareEnd: Lsn;
  readonly end: Lsn;
  readonly prepareTime: number;
  readonly rollbackTime: number;
  readonly xid: number;
  readonly gid: string;
}
