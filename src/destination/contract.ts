/**
 * What an engine gives so that `SqlDestination` can do the rest: a pure `Dialect` (names, types, DDL), a `Session`
 * (I/O on one connection) and an `Engine` that opens sessions. Types only. Everything an engine throws out of a Session
 * or Engine is a Pg2anyError, classified by the engine.
 */
import type { DestinationOptions, ServerInfo } from '../model/destination.ts';
import type { Finding } from '../model/finding.ts';
import type { ProblemClass } from '../model/mapping.ts';
import type { Relation } from '../model/relation.ts';
import type { Row, Rows } from '../model/value.ts';

/** How an encoded value is bound: what the text that `encode` returns stands for. */
export type Storage =
  /** Decimal digits with an optional sign. */
  | 'integer'
  /** Anything a number literal may be; `NaN` and the like only where the engine keeps them. */
  | 'real'
  | 'text'
  /** Hexadecimal digits, two per byte, without prefix. */
  | 'bytes'
  /** `1` or `0`. */
  | 'boolean';

/** One column of one table at the destination. Pure. */
export interface ColumnCodec {
  /** The column's type as it stands in CREATE TABLE, collation included, nullability not. */
  readonly ddl: string;
  /** Why this column deserves a look, for people; null when there is nothing to say. */
  readonly note: string | null;
  /** What an option that was chosen for it loses, for people; null where every value is kept or refused. */
  readonly lossy: string | null;
  /** Classes of values that `encode` refuses although they are values of the type. */
  readonly problems: readonly ProblemClass[];
  /** PostgreSQL text of the nearest value that the column holds; null where there is none. Only for these classes. */
  nearest(pgText: string, problem: ProblemClass): string | null;
  /** What to take instead where this type does not hold the values there are, or the existing column has that one. */
  readonly wider?: ColumnCodec;
  readonly storage: Storage;
  /** The encoded text consists of ASCII letters, digits and `+-.: _/` only, so it never needs escaping. */
  readonly plain: boolean;
  /**
   * PostgreSQL text to what is sent. Throws ValueProblem where the column cannot hold the value exactly; never rounds,
   * never shortens. Called for every value before any byte of its statement goes out. NULL never comes here.
   */
  encode(pgText: string): string;
  /**
   * `encode` for ASCII text that is still bytes: writes what it would give, no longer than what came, into `into` at
   * `at`, and returns where that ends. -1 where it takes more than a look; absent where it always does.
   */
  readonly transcribe?:
    | ((bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number) => number)
    | undefined;
  /** SQL expression that reads the column back as text, such as `` CAST(`c` AS CHAR) ``. */
  read(quotedColumn: string): string;
  /** Canonical text of a source value: equals `canon` of what is read back if and only if the value arrived. */
  expect(pgText: string): string;
  /** Canonical text of what `read` gave. */
  canon(readText: string): string;
}

/** Where a table lives at the destination. */
export interface Place {
  /** MySQL: a database; SQLite: always null (the schema is part of the name). Null: the connection's own. */
  readonly schema: string | null;
  readonly name: string;
  /** Quoted and qualified. */
  readonly sql: string;
}

/** A table at the destination as it was found. */
export interface ExistingTable {
  readonly columns: readonly ExistingColumn[];
  /** Primary key and unique indexes. Empty `columns` where an index is over expressions or a part of a column. */
  readonly uniques: readonly UniqueIndex[];
  /** Names of foreign keys of this table, and of other tables' foreign keys to it. */
  readonly foreignKeys: readonly string[];
  readonly triggers: readonly string[];
}

export interface ExistingColumn {
  readonly name: string;
  /** The engine's own spelling, lower case where it ignores case: `varchar(63)`, `decimal(10,2)`. */
  readonly type: string;
  readonly collation: string | null;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** Computed by the destination: it can neither be written nor is it missed. */
  readonly generated: boolean;
  /** Makes a number of its own of NULL, without a word. */
  readonly numbersItself?: boolean;
}

export interface UniqueIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primary: boolean;
}

/** A table ready to be written: what `prepare` found out, and all that plan and session need. Immutable. */
export interface Target {
  readonly relation: Relation;
  readonly place: Place;
  /** Aligned with `relation.columns`. */
  readonly codecs: readonly ColumnCodec[];
  /** Quoted names, aligned with `relation.columns`. */
  readonly columns: readonly string[];
  /** Null: changes are compacted per key. Otherwise they are applied in the source's order, for this reason. */
  readonly ordered: Ordered | null;
  /**
   * Nothing but our columns and our key: no other columns, unique indexes, foreign keys or triggers. Only then may a
   * row be replaced (deleted and inserted) instead of updated.
   */
  readonly bare: boolean;
  /** Unique indexes besides the key: an upsert must not take a hit there for a hit of the key. */
  readonly furtherUnique: boolean;
}

export interface Ordered {
  /** For people: `unique index orders_no`, `no key`. */
  readonly reason: string;
  /** Foreign keys or triggers tie it to other tables: the order across all such tables counts too. */
  readonly shared: boolean;
}

/**
 * One update. `key` has the old values of `relation.key`; `after` every column, UNCHANGED where it stays as it is. Key
 * columns of `after` are always known. A different key in `after` moves the row.
 */
export interface Patch {
  readonly key: Row;
  readonly after: Row;
}

/** What the plan asks a session to do, inside the open transaction, one step after the other. */
export type Step =
  /** Remove all rows of all these tables in one go, without an implicit commit. */
  | { readonly kind: 'empty'; readonly targets: readonly Target[] }
  /** Remove the rows with these keys (values of `relation.key`). Missing rows are fine. */
  | { readonly kind: 'delete'; readonly target: Target; readonly keys: readonly Row[] }
  /** Insert, or overwrite by key, in this order: where a key comes twice the later row wins. Whole rows. */
  | { readonly kind: 'upsert'; readonly target: Target; readonly rows: Rows }
  /**
   * In this order. A patch that finds no row inserts it where `after` is whole, and is VALUE_UNAVAILABLE otherwise.
   */
  | { readonly kind: 'patch'; readonly target: Target; readonly patches: readonly Patch[] }
  /** Whole rows that are not there yet: keyless tables and the initial copy. A duplicate key is an error. */
  | { readonly kind: 'insert'; readonly target: Target; readonly rows: Rows }
  /** Keyless: in this order, change exactly one row equal to `key` (all columns, NULLs equal). None: fine. */
  | { readonly kind: 'patchOne'; readonly target: Target; readonly patches: readonly Patch[] }
  /** Keyless: in this order, remove exactly one row equal to each of these. */
  | { readonly kind: 'deleteOne'; readonly target: Target; readonly rows: readonly Row[] };

/** What else a column is that gets another type. */
export interface ChangeAs {
  /** The columns of the key, in order; null for a column outside of it. */
  readonly key: readonly string[] | null;
  /** The default that it was added with, as PostgreSQL text; null without one. */
  readonly fill: string | null;
}

/** Names, types and DDL of one engine and version. Pure. */
export interface Dialect {
  quote(identifier: string): string;
  /** The n-th parameter of a statement, from 1: `?`, `@p1`. */
  param(n: number): string;
  /** A parameter holding an encoded value of this column: `?`, `UNHEX(?)`, `CAST(@p1 AS …)`. */
  bound(codec: ColumnCodec, n: number): string;
  /** A condition that finds a key column by its n-th parameter, where that is more than column = `bound`. */
  matches?(codec: ColumnCodec, quotedColumn: string, n: number): string;
  /** SQL expression: current time in UTC, for `updated_at`. */
  readonly now: string;
  /** A SELECT that waits for the rows, and then locks them until the transaction ends. */
  lockingSelect(columns: string, table: string, where: string): string;
  /** A SELECT that gives a row if the table has any. */
  anyRow(table: string): string;
  /** CREATE TABLE that does nothing where there is one; `body` is what stands in the parentheses. */
  createIfMissing(place: Place, body: string): string;
  place(target: Relation['target']): Place;
  /** Equal for places that are one table there, however they are spelled. */
  samePlace(target: Relation['target']): string;
  /**
   * The mapping of a whole table. Throws Pg2anyError TABLE_UNSUITABLE where it cannot be held: too many columns, a
   * row or key too long, names that collide.
   */
  codecs(relation: Relation): readonly ColumnCodec[];
  /** Idempotent: the database or schema (where it is not the connection's own) and the table. */
  createTable(relation: Relation, codecs: readonly ColumnCodec[]): readonly string[];
  /**
   * Adds a nullable column; existing rows get `fill` (PostgreSQL text) atomically with it. It stays as the default: a
   * source transaction may hold rows from before the change, which come without the column and show `fill` as well.
   */
  addColumn(place: Place, name: string, codec: ColumnCodec, fill: string | null): string;
  /** Whether `changeColumn` keeps every value that this column may hold, exactly. */
  widens(existing: ExistingColumn, codec: ColumnCodec): boolean;
  /**
   * Statements that give a column the codec's type; null where the engine cannot. `fill`, the default it was added with,
   * stays.
   */
  changeColumn(place: Place, name: string, codec: ColumnCodec, as: ChangeAs): readonly string[] | null;
  /** An index by which rows are found by these columns (names), unique. */
  addKey(place: Place, columns: readonly string[]): string;
  /** With what the new place needs, such as its database. */
  renameTable(from: Place, to: Place): readonly string[];
  renameColumn(place: Place, from: string, to: string): string;
  dropColumn(place: Place, name: string): string;
  /** DDL can be rolled back; otherwise it commits by itself. */
  readonly transactionalDdl: boolean;
  /** Why this existing column cannot take the codec's values faithfully, in words; null when it can. */
  misfit(existing: ExistingColumn, codec: ColumnCodec, isKey: boolean): string | null;
  /** Whether the destination takes these two names for one (columns of one table). */
  sameName(a: string, b: string): boolean;
  /** Whether no statement takes this row. Values that are UNCHANGED count nothing. Absent where any row fits. */
  tooLarge?(target: Pick<Target, 'relation' | 'codecs' | 'columns' | 'place'>, row: Row): boolean;
  /** Column types of the bookkeeping tables; `key` is exact, case-sensitive text that can be part of a key. */
  readonly bookkeeping: {
    readonly key: string;
    readonly text: string;
    readonly integer: string;
    readonly time: string;
  };
  /** For people: how rows of this table travel. */
  road(target: Target): string;
}

export type Cell = string | null;

/** One connection. A session that failed is closed, never reused. */
export interface Session {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** One statement; gives the number of rows matched. */
  run(sql: string, values?: readonly Cell[]): Promise<number>;
  /** As `run` without a statement timeout: DDL and the emptying of a table before its copy. */
  runLong(sql: string, values?: readonly Cell[]): Promise<number>;
  /** All rows, as text. */
  rows(sql: string, values?: readonly Cell[]): Promise<readonly (readonly Cell[])[]>;
  /** Rows in chunks, in bounded memory. The session is busy until the iteration ends. */
  scan(sql: string, signal: AbortSignal): AsyncIterable<readonly (readonly Cell[])[]>;
  /** Performs the step completely or throws; the caller then rolls back. */
  write(step: Step): Promise<void>;
  /**
   * Best effort: ends all other sessions that were opened with this token and may still hold locks. Nothing where there
   * is no such session or no right to end it.
   */
  evict(token: string): Promise<void>;
  /** Rolls back what is open. Never throws, never waits for the server. */
  close(): Promise<void>;
}

/** One configured destination of one engine. */
export interface Engine {
  /** Before `connect` a guess from the configuration, afterwards what the server is. */
  readonly dialect: Dialect;
  /** All writing goes through one session (SQLite); otherwise copies get a session each. */
  readonly singleWriter: boolean;
  /** Reaches the server, learns product, version and settings. */
  connect(): Promise<ServerInfo>;
  /** `token` names the session for `evict`; several may have the same one. */
  open(token?: string): Promise<Session>;
  /** Null where there is no such table. */
  describe(session: Session, place: Place): Promise<ExistingTable | null>;
  /** Engine-specific findings for `check`: settings, privileges. Changes nothing. */
  inspect(session: Session, relations: readonly Relation[]): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

export type OpenEngine = (options: DestinationOptions) => Engine;
