import type { Lsn } from '../model/lsn.ts';

/** What preflight is asked about. */
export interface Plan {
  readonly slot: string;
  readonly publication: string;
  /** `schema.table`, null for every table outside the system schemas. */
  readonly tables: readonly string[] | null;
  readonly snapshot: 'initial' | 'never' | 'only';
  readonly failover: boolean;
  readonly origin: 'any' | 'none';
  /** `application_name` of our connections. */
  readonly applicationName: string;
}

export interface ServerFacts {
  /** server_version_num. */
  readonly version: number;
  readonly product: string;
  readonly database: string;
  readonly encoding: string;
  readonly standby: boolean;
  readonly walLevel: string;
  readonly maxSlots: number;
  readonly usedSlots: number;
  readonly maxSenders: number;
  readonly usedSenders: number;
  readonly keepSize: string;
  /** Null before PostgreSQL 18. */
  readonly idleSlotTimeout: string | null;
  readonly standbyNames: string;
  readonly role: string;
  readonly superuser: boolean;
  readonly replication: boolean;
  /** Member of the role that a managed service has in place of the REPLICATION attribute. */
  readonly managedReplication: boolean;
  readonly createInDatabase: boolean;
  /** What the session's pinned settings really are. */
  readonly settings: Readonly<Record<string, string>>;
  readonly slot: SlotRow | null;
  /** WAL the slot holds back, in bytes. */
  readonly retained: number | null;
}

/** A row of pg_replication_slots; which columns there are depends on the version. */
export interface SlotRow {
  readonly plugin: string | null;
  readonly slot_type: string;
  readonly database: string | null;
  readonly temporary: boolean;
  readonly active: boolean;
  readonly active_pid: number | null;
  readonly confirmed_flush_lsn: string | null;
  readonly wal_status: string | null;
  readonly safe_wal_size: number | null;
  /** From PostgreSQL 16 on. */
  readonly conflicting?: boolean | null;
  /** From PostgreSQL 17 on. */
  readonly invalidation_reason?: string | null;
  readonly failover?: boolean;
}

export interface TransactionFacts {
  /** Null for a prepared transaction. */
  readonly pid: number | null;
  readonly user: string;
  readonly application: string;
  readonly gid: string | null;
  readonly seconds: number;
}

/** A row of pg_publication with the rows of pg_publication_tables. */
export interface PublicationFacts {
  readonly puballtables: boolean;
  readonly pubinsert: boolean;
  readonly pubupdate: boolean;
  readonly pubdelete: boolean;
  readonly pubtruncate: boolean;
  readonly pubviaroot: boolean;
  /** From PostgreSQL 18 on: `n` none, `s` stored. */
  readonly pubgencols?: string;
  readonly owned: boolean;
  readonly tables: readonly PublishedTable[];
}

export interface PublishedTable {
  readonly schemaname: string;
  readonly tablename: string;
  /** From PostgreSQL 15 on. */
  readonly attnames?: readonly string[] | null;
  readonly rowfilter?: string | null;
}

export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: r table, p partitioned, v view, m materialized view, f foreign table. */
  readonly kind: string;
  /** pg_class.relpersistence: p permanent, u unlogged, t temporary. */
  readonly persistence: string;
  readonly isPartition: boolean;
  /** pg_class.relreplident: d default, n nothing, f full, i index. */
  readonly identity: string;
  readonly mayRead: boolean;
  readonly owned: boolean;
  /** Policies would hide rows from us. */
  readonly rowSecurity: boolean;
  readonly primaryKey: { readonly name: string; readonly immediate: boolean } | null;
  /** The index of REPLICA IDENTITY USING INDEX, if it still serves. */
  readonly identityIndex: string | null;
  /** A unique index that could serve as replica identity. */
  readonly candidateIndex: string | null;
  readonly generated: readonly { readonly name: string; readonly virtual: boolean }[];
  /** Has columns that may be stored out of line. */
  readonly toastable: boolean;
  /** With indexes, large values and partitions. */
  readonly bytes: number;
}

/** What the destination remembers, and how far the source is. */
export interface Progress {
  readonly checkpoint: Lsn | null;
  /** End of the durable WAL. */
  readonly position: Lsn;
}

export interface Facts {
  readonly plan: Plan;
  readonly server: ServerFacts;
  readonly transactions: readonly TransactionFacts[];
  readonly publication: PublicationFacts | null;
  /** The tables that will be replicated, as far as they exist. */
  readonly tables: readonly TableFacts[];
  /** Null when the destination was not asked. */
  readonly progress: Progress | null;
  /** Listed tables that are called otherwise now and stay replicated: name in the list → present name. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Why a replication connection could not be opened; null when it could or was not tried. */
  readonly replicationRefused: string | null;
}
