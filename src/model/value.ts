/**
 * Marks a TOASTed column that an UPDATE did not touch: the server does not send it, and it is not NULL.
 * https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html (TupleData, 'u')
 */
export const UNCHANGED = Symbol.for('pg2any.unchanged');

/** One column of one row: PostgreSQL's own text under pinned settings, SQL NULL, or not sent. */
export type Value = string | null | typeof UNCHANGED;

/** Values in the order of `relation.columns`. */
export type Row = readonly Value[];

/** A row of nothing but NULLs and ASCII text that is still bytes. */
export interface PackedRow {
  readonly buffer: Uint8Array;
  /** Start and end of the text of each column, in turn; -1 and -1 for NULL. `into` has room for all. */
  bounds(into: Int32Array): void;
}

/** Whole rows in order. An array is one; others make each row when it is asked for, so that it need not be kept. */
export interface Rows extends Iterable<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
  slice(from: number, to?: number): Rows;
  /** Where rows may be packed: the row of this index, good until the next is asked for; null where it is not. */
  packed?(index: number): PackedRow | null;
  /** Where keys cost less than rows: the key by which this row is, or was, found; null where it has to be looked at. */
  key?(index: number): Row | null;
}
