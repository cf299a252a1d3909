import type { Batch } from './batch.ts';
import type { Checkpoint, SoughtStream, StreamIdentity, TableState } from './checkpoint.ts';
import type { Finding } from './finding.ts';
import type { KafkaSettings } from './kafka.ts';
import type { Lsn } from './lsn.ts';
import type { Policy, ProblemClass, ValueRules } from './mapping.ts';
import type { Relation } from './relation.ts';
import type { SchemaRules } from './schema-rules.ts';
import type { Row, Rows } from './value.ts';

/** What the destination said when we connected. */
export interface ServerInfo {
  /** `MariaDB`, `MySQL`, `SQLite`, … */
  readonly product: string;
  readonly version: string;
  /** How rows will travel and why, for people: `LOAD DATA LOCAL`, `multi-row upsert (local_infile is off)`. */
  readonly road: string;
}

/** How one column will be stored. */
export interface ColumnMapping {
  readonly column: string;
  readonly sourceType: string;
  readonly destinationType: string;
  /** Why this column deserves a look (unbounded numeric, key length, …); null when there is nothing to say. */
  readonly note: string | null;
  /** What the chosen options lose, for people; null where every value is kept or refused. */
  readonly lossy: string | null;
}

/** Values of one column that a policy replaced, durably. */
export interface LostValues {
  /** `schema.table` at the source. */
  readonly table: string;
  readonly column: string;
  readonly problem: ProblemClass;
  readonly policy: Policy;
  readonly count: number;
  /** The destination has no place for them: they stand at the source alone. */
  readonly unkept?: true;
}

/** What `prepare` found or did for one table. */
export interface Prepared {
  readonly action: 'created' | 'adopted' | 'altered' | 'unchanged';
  /** What it is, where it is no table. */
  readonly kind?: 'topic';
  /** The destination's own quoted name. */
  readonly table: string;
  /** DDL that was run, in order. */
  readonly sql: readonly string[];
  /** How this table's rows are written, for people: `LOAD DATA`, `upsert`, `statements in order (unique index x)`. */
  readonly road: string;
  /** The source has renamed or dropped something: `settle` follows when that is in the past for good. */
  readonly deferred?: boolean;
  /** Rules of columns that the configuration has under names from before. */
  readonly outdated?: readonly OutdatedName[];
  /**
   * Columns were added with values which nobody sent: nothing was done. Either their values are known after all, or do
   * not matter because there are no rows, or the table has to be copied again (`uncopy`).
   */
  readonly unsent?: Unsent;
  /** One of several destinations does not need the table yet: to be asked again with the next batch. */
  readonly again?: boolean;
}

/** One of several destinations, as it is now. */
export interface Member {
  /** `destination` or `mirror`. */
  readonly name: string;
  /** Empty before it was reached. */
  readonly product: string;
  /** Everything before it is durable there. */
  readonly flushed: Lsn;
  /** Why it does not go on; null while it works. */
  readonly failure: string | null;
}

/** A column (`schema.table.column`) as the configuration calls it, and as the source does by now. */
export interface OutdatedName {
  readonly configured: string;
  readonly now: string;
}

export interface Unsent {
  /** By attribute number. */
  readonly columns: readonly number[];
  /** The destination table has no rows; changes that were not applied yet may bring some. */
  readonly empty: boolean;
}

/** Something that went on although somebody should know of it. */
export interface Warning {
  /** `outbox.skipped`, … */
  readonly event: string;
  /** One sentence for people. */
  readonly message: string;
}

/** What `settle` did. */
export interface Settled {
  readonly done: readonly Alteration[];
  /** Another table stands where this one belongs: once more when a table was renamed. */
  readonly waiting: boolean;
}

/** A change that was made to a destination table, because the source table changed. */
export interface Alteration {
  /** `column.renamed`, … */
  readonly event: string;
  /** One sentence for people. */
  readonly message: string;
  /** What was run. */
  readonly sql: string;
}

export interface TableToPlan {
  readonly relation: Relation;
  readonly defaults: ColumnDefaults;
}

/** What would be done for one table, and how it would be stored. */
export interface TablePlan {
  /** `schema.table` at the source. */
  readonly table: string;
  /** What it becomes, where that is no table. */
  readonly kind?: 'topic';
  /** The destination's own quoted name. */
  readonly destination: string;
  /** `copy`: changed, and then copied again. */
  readonly action: 'create' | 'alter' | 'copy' | 'keep' | 'blocked';
  /** Statements that would run, in order. */
  readonly sql: readonly string[];
  /** Empty where the table cannot be held at all. */
  readonly columns: readonly PlannedColumn[];
  /** How rows would be written; null where that cannot be told yet. */
  readonly road: string | null;
  /** Why it cannot be replicated as it is; empty unless `blocked`. */
  readonly problems: readonly { readonly message: string; readonly hint: string }[];
}

export interface PlannedColumn extends ColumnMapping {
  /** Part of what a row is found by. */
  readonly key: boolean;
}

/** The initial copy of one table. Rows and progress of each write commit together. */
export interface TableCopy {
  /** How many writes may be under way at once. */
  readonly lanes: number;
  /**
   * From where changes are needed, instead of the state's position: the lowest of several destinations, or that of an
   * earlier copy whose rows cannot be taken back.
   */
  readonly since?: Lsn;
  write(rows: Rows): Promise<void>;
  /** Marks the table as copied; no write is under way. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reading back, for verify. Rows are canonical text: equal text means equal value under the mapping, for a source row
 * passed through `expect` as for a row read from the destination.
 */
export interface TableReader {
  expect(row: Row): Row;
  scan(signal: AbortSignal): AsyncIterable<readonly Row[]>;
  /** The row with this key (values of `relation.key`, source text), or null. Only for identity `key`. */
  find(key: Row): Promise<Row | null>;
  /** Values of this source row that a policy replaces, so that `expect` gives something else. Absent where none does. */
  replaced?(row: Row): number;
}

/** Rows as they become something else than rows, as text for people. */
export interface Preview {
  readonly fields: readonly string[];
  /** A value for each field. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * Where changes go. All methods reject with a Pg2anyError; `retry` on it says whether `reconnect` and another try make
 * sense. One pipeline uses it at a time; only copies of different tables run concurrently.
 */
export interface Destination {
  /** Batches tell where transactions begin and end (`Batch.parts`). */
  readonly wantsParts?: boolean;
  /** Each of several; absent where there is one. */
  members?(): readonly Member[];
  /** Connects (once) and says what is there. Changes nothing. */
  connect(): Promise<ServerInfo>;
  /** Creates the bookkeeping tables, takes the fence, and returns what is remembered; null for a new pipeline. */
  claim(stream: StreamIdentity): Promise<Checkpoint | null>;
  /** Writes the first checkpoint of a claimed pipeline. */
  begin(flushed: Lsn): Promise<void>;
  /** Reads the checkpoint without taking the fence, for status, verify and teardown. */
  peek(stream: SoughtStream): Promise<Checkpoint | null>;
  /** Columns whose widest values should be given to `learn` before `prepare` creates their table. */
  profiles?(relation: Relation): readonly string[];
  learn?(relation: Relation, widest: WidestValues): void;
  /** Learns what the tables are there, for `mapping` and `reader` without `prepare`. Changes nothing. */
  look?(relations: readonly Relation[]): Promise<void>;
  /** Told of each batch before its tables are prepared. */
  expect?(batch: Batch): void;
  /** Creates the table, adopts an existing one that fits, or adds new columns. Idempotent; never inside `apply`. */
  prepare(relation: Relation, defaults?: ColumnDefaults): Promise<Prepared>;
  /**
   * Follows renamed and dropped columns and the new name of a prepared relation. Only when the checkpoint is past the transaction in which
   * the source changed them, or the table is copied next. Idempotent, also after a crash in between; never inside `apply`.
   */
  settle(relation: Relation): Promise<Settled>;
  /**
   * The table counts as not copied from now on, durably; its rows stay until it is copied again. Gives up an open
   * transaction. Throws SCHEMA_CHANGED where changes are not followed. `columns`: why, as `Prepared.unsent`.
   */
  uncopy(relation: Relation, columns: readonly number[]): Promise<void>;
  /** Only the name of the table, at once: another one needs its place. */
  rename?(relation: Relation): Promise<readonly Alteration[]>;
  /** The mapping that `prepare` would use. Pure. Throws TABLE_UNSUITABLE where the table cannot be held. */
  mapping(relation: Relation): readonly ColumnMapping[];
  /**
   * Throws where these tables, which are all that will be replicated, cannot be held side by side, or the configuration
   * names columns that none of them has. Connected first. Changes nothing.
   */
  admit?(relations: readonly Relation[]): void;
  /** What would be done for each of all tables of a pipeline that has this checkpoint. Changes nothing. */
  plan(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly TablePlan[]>;
  /** Asks the other servers that it needs, and tells who they are. Rejects with what to do. Connected first. */
  companions?(): Promise<readonly string[]>;
  /** Findings about the server and these tables, for `check`. Changes nothing. */
  inspect(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly Finding[]>;
  /** Runs the statements of a fix that `inspect` gave, one after the other. Absent where no fix has any. Connected first. */
  mend?(statements: readonly string[]): Promise<void>;
  /** Empties the table, then takes its rows. `state` is recorded with each write. */
  copy(relation: Relation, state: TableState): Promise<TableCopy>;
  /** All or nothing, together with the checkpoint. Rejects with FENCED if another instance took over. */
  apply(batch: Batch): Promise<void>;
  /** Values that policies replaced and that were committed since the last call. Absent where none can be. */
  takeLost?(): readonly LostValues[];
  /** What should be told of what was done since the last call. Absent where nothing ever is. */
  takeWarnings?(): readonly Warning[];
  /** A new session after a failure: what was open is rolled back. Returns the durable LSN; FENCED as `apply`. */
  reconnect(): Promise<Lsn>;
  /** Throws DESTINATION_UNSUITABLE where rows cannot be read back. */
  reader(relation: Relation): TableReader;
  /** What rows would become; absent where they are read back as rows. Throws what writing them would. Changes nothing. */
  preview?(relation: Relation, rows: readonly Row[]): Preview;
  /** Removes what is remembered of the pipeline; the copied tables stay. */
  forget(stream: StreamIdentity): Promise<void>;
  close(): Promise<void>;
}

/** By column, PostgreSQL texts that are at least as wide as every value there is. */
export type WidestValues = ReadonlyMap<string, readonly string[]>;

/**
 * For added columns: what existing rows hold, as PostgreSQL text, by attribute number. Absent: NULL, unless the column
 * is `unfilled`; null: NULL even so, or it does not matter.
 */
export type ColumnDefaults = ReadonlyMap<number, string | null>;

/** What every engine needs to be opened; parsed from the configuration. */
export interface DestinationOptions {
  /** Password included; never to be printed. */
  readonly url: URL;
  readonly autoCreateTables: boolean;
  /** What becomes of changed tables; by default they are followed. */
  readonly schema?: SchemaRules;
  readonly connectTimeoutMs: number;
  readonly queryTimeoutMs: number;
  /** How values are mapped; absent: every default. */
  readonly rules?: ValueRules;
  /** What only Kafka has; absent: every default. */
  readonly kafka?: KafkaSettings;
}

/** One line of the registry. */
export interface DestinationDriver {
  /** Canonical CDC_DEST_TYPE, lower case. */
  readonly type: string;
  /** For people: `MySQL`. */
  readonly label: string;
  /** URL schemes without colon; the first is the default. */
  readonly schemes: readonly string[];
  readonly defaultPort: number | null;
  /** Example URL for help and messages. */
  readonly example: string;
  /** Loads the engine's code and native library only when used. */
  open(options: DestinationOptions): Promise<Destination>;
}
