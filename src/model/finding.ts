/** One preflight result: what was looked at, what is wrong, and exactly how to mend it. */
export interface Finding {
  /** Stable name of the check, such as `wal_level`. */
  readonly check: string;
  /** `block`: replication cannot start or would lose data; `warn`: it can, but the user should know. */
  readonly severity: 'ok' | 'warn' | 'block';
  /** `schema.table` where the finding is about one table. */
  readonly table?: string;
  /** What is so, in one sentence. */
  readonly message: string;
  readonly fix?: Fix;
}

export interface Fix {
  readonly side: 'source' | 'destination' | 'config';
  /** Statements to run on that side, in order; empty where no SQL does it. */
  readonly sql: readonly string[];
  /** In words, what to do. */
  readonly text: string;
}
