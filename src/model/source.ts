import type { SourceEvent } from './change.ts';
import type { KnownColumn } from './checkpoint.ts';
import type { Pg2anyError } from './error.ts';
import type { Lsn } from './lsn.ts';
import type { Relation } from './relation.ts';
import type { Rows } from './value.ts';

/** https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** How to reach the source; parsed from the configuration. */
export interface SourceOptions {
  /** Host name, address, or the absolute folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Never to be printed. */
  readonly password: string | null;
  readonly sslMode: SslMode;
  /** Path of a PEM file with the certificate authorities to trust. */
  readonly sslRootCert: string | null;
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
}

/** What to stream and how. */
export interface StreamOptions {
  readonly slot: string;
  readonly publication: string;
  /** `schema.table` names, null for every table outside the system schemas. */
  readonly tables: readonly string[] | null;
  /** Ask for a slot that is synchronised to standbys (PostgreSQL 17 and later). */
  readonly failover: boolean;
  /** `none`: only what was not replicated to the source itself (PostgreSQL 16 and later). */
  readonly origin: 'any' | 'none';
  readonly protocolVersion: number;
  /** Pause between feedback messages while nothing happens. */
  readonly heartbeatMs: number;
  /** After this long without the destination taking a byte the connection is given up (the slot stays). */
  readonly maxStallMs: number;
  /** `wal_sender_timeout` of our session: the server drops us, and we drop it after twice as long, when silent. */
  readonly senderTimeoutMs: number;
  /** How long creating a slot may wait for open transactions of others. */
  readonly slotTimeoutMs: number;
}

/** A published table with what is worth knowing before copying it. */
export interface SourceTable {
  readonly relation: Relation;
  readonly kind: 'table' | 'partitioned';
  /** `pg_class.reltuples` (of all partitions), null when never analysed. */
  readonly estimatedRows: number | null;
  /** Heap, indexes and TOAST of the table and its partitions. */
  readonly bytes: number;
  /** The publication's row filter as SQL, null without one. */
  readonly rowFilter: string | null;
}

export interface SourceIdentity {
  /** IDENTIFY_SYSTEM: unsigned 64-bit decimal text. */
  readonly systemId: string;
  /** `server_version_num`, such as 180004. */
  readonly version: number;
  /** For people: `PostgreSQL 18.4`. */
  readonly product: string;
}

/**
 * Which WAL the server writes. A promotion or a restore begins a timeline: from there on the same LSN is another place.
 * https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES
 */
export interface Timeline {
  readonly id: number;
  /** Ancestors, and the LSN at which the WAL of this server left each. */
  readonly left: ReadonlyMap<number, Lsn>;
  /** A server in recovery goes over to another timeline in the middle of a stream, and does not say so. */
  readonly recovering: boolean;
}

export interface CopyChunk {
  readonly rows: Rows;
  /** Size on the wire. */
  readonly bytes: number;
}

/** A consistent view of the source that several readers share, and the LSN it stands for. */
export interface Snapshot {
  /** Transactions whose commit record starts before this LSN are in the snapshot. */
  readonly lsn: Lsn;
  /** Whole rows of one table, in chunks; columns in the order of `relation.columns`. */
  read(table: SourceTable, signal: AbortSignal): AsyncIterable<CopyChunk>;
  close(): Promise<void>;
}

export interface StreamChunk {
  readonly events: readonly SourceEvent[];
  /** Size on the wire. */
  readonly bytes: number;
}

export interface StreamVitals {
  readonly received: Lsn;
  readonly confirmed: Lsn;
  readonly queueBytes: number;
  readonly pausedMs: number;
  /** For how long this process could do nothing: JavaScript was busy, or it was stopped. Short ones do not count. */
  readonly stalledMs: number;
  /** Why the connection ended, although what was received before is still being taken; null while it lives. */
  readonly failure: Pg2anyError | null;
}

/** The stream of one slot. Pulling the next chunk is the backpressure; `acknowledge` frees WAL on the source. */
export interface Stream {
  /** Ends when `signal` aborts; throws a Pg2anyError when the connection is lost. */
  chunks(signal: AbortSignal): AsyncIterable<StreamChunk>;
  /** Everything before `flushed` is durable at every destination. */
  acknowledge(flushed: Lsn): void;
  /** What the connection looks like now. */
  vitals(): StreamVitals;
  /** Final feedback, end of copy, release of the slot. */
  close(): Promise<void>;
}

/** Columns of tables by OID, in the order of their numbers, without dropped ones. */
export type RememberedTables = ReadonlyMap<number, readonly KnownColumn[]>;

export interface SlotState {
  readonly confirmed: Lsn;
  readonly active: boolean;
}

export interface Retained {
  /** End of the durable WAL. */
  readonly walEnd: Lsn;
  /** WAL that the slot holds back, in bytes; null when unknown. */
  readonly retainedBytes: number | null;
  /** As pg_replication_slots shows it; null where there is none. */
  readonly slotStatus: {
    readonly active: boolean;
    readonly walStatus: string | null;
    /** Bytes that may still be written before the slot is lost; null where nothing limits it. */
    readonly safeBytes: number | null;
  } | null;
}

/** PostgreSQL as the pipeline sees it. One attempt uses one Source; after a failure a new one is opened. */
export interface Source {
  readonly identity: SourceIdentity;
  /** The publication exists afterwards; returns whether it was created. */
  ensurePublication(): Promise<boolean>;
  /** Published tables. */
  tables(): Promise<readonly SourceTable[]>;
  /** What rows from before an ALTER TABLE … ADD COLUMN … DEFAULT show in that column, as text, by attribute number. */
  missingValues(oid: number): Promise<ReadonlyMap<number, string>>;
  /** Whether any row has a value in this column by now; true where that cannot be told. May read the whole table. */
  hasValues(oid: number, attnum: number): Promise<boolean>;
  /** By column of type numeric, texts that are at least as wide as every value of the table is now. Reads it all. */
  widest?(relation: Relation, columns: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Where the server is now; a stream or snapshot that finds it elsewhere later is STREAM_RESTART. */
  timeline(): Promise<Timeline>;
  /** The slot, checked to be ours to use; null when it does not exist. Throws SLOT_LOST, SLOT_MISMATCH. */
  slot(): Promise<SlotState | null>;
  /** Creates the slot and keeps its snapshot for the initial copy. */
  createSlot(): Promise<Snapshot>;
  /** A fresh snapshot through a temporary slot. */
  snapshot(): Promise<Snapshot>;
  /** Keeps two instances from copying at once; false when another holds the slot's lock. */
  lock(): Promise<boolean>;
  unlock(): Promise<void>;
  /** Throws unless streaming from `from` is possible and loses nothing. */
  check(from: Lsn): Promise<void>;
  /** `remembered`: what the destination knows of the tables, to tell renamed columns from new ones. */
  stream(from: Lsn, remembered?: RememberedTables): Promise<Stream>;
  /** End of the durable WAL. */
  position(): Promise<Lsn>;
  /** What the slot costs the source. */
  retained(): Promise<Retained>;
  close(): Promise<void>;
}
