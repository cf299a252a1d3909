import type { Relation } from '../model/relation.ts';
import type { Row } from '../model/value.ts';

/** One column that differs; both values shortened. Null is SQL NULL. */
export interface ColumnDifference {
  readonly column: string;
  readonly source: string | null;
  readonly destination: string | null;
}

export type NamedValues = Readonly<Record<string, string | null>>;

/**
 * - `missing`: only at the source
 * - `extra`: only at the destination
 * - `different`: on both sides under the same key
 */
export interface Difference {
  readonly kind: 'missing' | 'extra' | 'different';
  /** The key's columns; every column for a table without a key. Values shortened. */
  readonly key: NamedValues;
  /** Only for `different`. */
  readonly columns: readonly ColumnDifference[];
}

export interface TableResult {
  /** `schema.table` at the source. */
  readonly table: string;
  readonly rows: number;
  readonly destinationRows: number;
  readonly differences: number;
  /** False: the search stopped at the limit, there may be more. */
  readonly complete: boolean;
  /** Rows that changed at the source each time they were looked at, so nothing can be said about them. */
  readonly unsettled: number;
  /** Values of the source that a policy replaces at the destination: they are compared as replaced. */
  readonly replaced: number;
  readonly examples: readonly Difference[];
}

/** What `pg2any verify --json` prints. Fields are only ever added. */
export interface VerifyResult {
  readonly tables: readonly TableResult[];
  readonly rows: number;
  readonly differences: number;
  readonly complete: boolean;
  /** False: the destination stood still before the position that was read, so a difference may be lag. */
  readonly caughtUp: boolean;
  readonly seconds: number;
}

const LONGEST = 60;

/** At most 60 characters, with the length of the whole where it is cut. Never splits a surrogate pair. */
export function shorten(value: string | null): string | null {
  if (value === null || value.length <= LONGEST) return value;
  const cut = value.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut}… (${value.length} characters)`;
}

const text = (row: Row, index: number): string | null => {
  const value = row[index];
  return typeof value === 'string' ? value : null;
};

/** The named values of `row`, a whole row, that identify it. */
export function keyOf(relation: Relation, row: Row): NamedValues {
  const indexes = relation.identity === 'key' ? relation.key : relation.columns.keys();
  return Object.fromEntries([...indexes].map((i) => [relation.columns[i]?.name ?? '', shorten(text(row, i))]));
}

/** The columns in which two canonical rows differ; long values are shortened around what differs. */
export function columnDifferences(relation: Relation, source: Row, destination: Row): ColumnDifference[] {
  return relation.columns.flatMap((column, i) => {
    const [a, b] = [text(source, i), text(destination, i)];
    return a === b ? [] : [{ column: column.name, ...shortenPair(a, b) }];
  });
}

const CONTEXT = 20;

function shortenPair(source: string | null, destination: string | null) {
  const from = Math.max(0, commonPrefix(source ?? '', destination ?? '') - CONTEXT);
  const around = (value: string | null) =>
    value === null || from < CONTEXT || value.length <= LONGEST ? shorten(value) : `…${shorten(value.slice(from))}`;
  return { source: around(source), destination: around(destination) };
}

function commonPrefix(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}
