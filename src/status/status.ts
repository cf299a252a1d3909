/**
 * Where the pipeline is. `paused`: a person holds it; `retrying`: waiting before the next attempt; `draining`: finishing
 * what is in hand.
 */
export type Phase =
  | 'connecting'
  | 'preflight'
  | 'snapshot'
  | 'streaming'
  | 'paused'
  | 'retrying'
  | 'draining'
  | 'stopped';

/** What went wrong, and what the user can do. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly at: number;
}

/** The slot as the source shows it. https://www.postgresql.org/docs/current/view-pg-replication-slots.html */
export interface SlotStatus {
  readonly active: boolean;
  /** `reserved`, `extended`, `unreserved` or `lost`. */
  readonly walStatus: string | null;
  /** WAL that may still be written before the slot is lost, bytes; null where nothing limits it. */
  readonly safeBytes: number | null;
}

export interface TableStatus {
  /** `schema.table` at the source. */
  readonly name: string;
  /** `unpublished`: it left the publication, and its changes do not arrive any more. */
  readonly state: 'waiting' | 'copying' | 'streaming' | 'unpublished';
  readonly copiedRows: number;
  readonly copiedBytes: number;
  /** The planner's row estimate when the copy began; null when unknown. */
  readonly estimatedRows: number | null;
  /** Rows a second: of the copy while copying, of the stream afterwards. */
  readonly rowsPerSecond: number;
  /** Seconds until the copy ends at today's rate, null when not copying or not known. */
  readonly etaSeconds: number | null;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
  /** The last change of the destination table, because the source table changed; null without one. */
  readonly lastChange: { readonly sql: string; readonly at: number } | null;
  /** Why preparing, copying or writing it failed; null once it worked. */
  readonly lastError: Failure | null;
}

/** Values of one column that a policy replaced; the originals are in `pg2any_lost_values` at the destination. */
export interface LostStatus {
  /** `schema.table` at the source. */
  readonly table: string;
  readonly column: string;
  readonly class: string;
  readonly policy: string;
  readonly count: number;
}

/** One of several destinations. */
export interface DestinationStatus {
  /** `destination` or `mirror`. */
  readonly name: string;
  /** Empty before it was reached. */
  readonly product: string;
  /** Everything before this LSN is durable there. */
  readonly flushed: string;
  /** Bytes of WAL between the source's end and that; null while unknown. */
  readonly behindBytes: number | null;
  /** Why it does not go on; null while it works. */
  readonly failure: string | null;
}

/** An immutable picture of the pipeline. LSNs are text so that it can be printed as JSON. */
export interface Status {
  readonly at: number;
  readonly startedAt: number;
  readonly phase: Phase;
  readonly slot: string;
  readonly publication: string;
  /** Product and version, empty before both servers were reached. */
  readonly source: string;
  readonly destination: string;
  readonly road: string;
  /** Each of several; empty where there is one. */
  readonly destinations: readonly DestinationStatus[];
  readonly lag: {
    /**
     * 0 when idle; else now − the last moment the destination stands for: the commit time of the last durably applied
     * transaction, or a later one at which nothing was waiting. Null before the first.
     */
    readonly seconds: number | null;
    /** Bytes of WAL between the source's end and what is durably applied; null while unknown. */
    readonly bytes: number | null;
    readonly idle: boolean;
  };
  /** Bytes of WAL the slot holds back at the source; null while unknown. */
  readonly retainedBytes: number | null;
  readonly slotStatus: SlotStatus | null;
  /** When the source last told `lag.bytes`, `retainedBytes` and `slotStatus`; null before the first time. */
  readonly seenAt: number | null;
  readonly lsn: { readonly received: string; readonly flushed: string; readonly confirmed: string };
  readonly rowsPerSecond: number;
  readonly transactionsPerSecond: number;
  readonly totals: {
    readonly rows: number;
    readonly copiedRows: number;
    readonly inserts: number;
    readonly updates: number;
    readonly deletes: number;
    readonly truncates: number;
    readonly transactions: number;
    readonly batches: number;
    /** Values that policies replaced in this run. */
    readonly lostValues: number;
  };
  readonly batch: {
    readonly rows: number;
    readonly applyMsP50: number | null;
    readonly applyMsP95: number | null;
    readonly applyMsP99: number | null;
  };
  readonly queueBytes: number;
  readonly pausedSeconds: number;
  readonly retries: number;
  readonly reconnects: number;
  /** Times by error code, in this run. */
  readonly failuresBy: Readonly<Record<string, number>>;
  /** Values that no policy let pass, by class. */
  readonly refusedBy: Readonly<Record<string, number>>;
  readonly retriesBy: Readonly<Record<string, number>>;
  readonly reconnectsBy: Readonly<Record<string, number>>;
  readonly lastError: Failure | null;
  readonly tables: readonly TableStatus[];
  readonly lost: readonly LostStatus[];
}
