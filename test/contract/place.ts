import type { Destination, DestinationOptions } from '../../src/model/destination.ts';
import type { Relation } from '../../src/model/relation.ts';
import type { EngineName } from '../support/type-vectors.ts';

export type Cells = readonly (string | null)[];

/**
 * A fresh, empty place of one engine: where destinations are opened, and a second way in that shares no code with
 * them. Everything read is text as the server prints it; bytes in hexadecimal.
 */
export interface Place {
  readonly engine: EngineName;
  /** As in the configuration. */
  readonly url: URL;
  /** Column types for tables that a test makes by hand. */
  readonly types: { readonly integer: string; readonly text: string; readonly keyText: string };
  open(options?: Partial<DestinationOptions>): Promise<Destination>;
  /** Quoted as this engine quotes. */
  quote(name: string): string;
  /** The quoted and qualified name under which the table of this relation is found. */
  table(relation: Pick<Relation, 'target'>): string;
  /** A target schema that nobody else uses. */
  schema(name: string): string;
  query(sql: string): Promise<Cells[]>;
  exec(sql: string): Promise<void>;
  close(): Promise<void>;
}

export type OpenPlace = () => Promise<Place>;

/** All rows of a table, sorted, so that sets compare. */
export async function rowsOf(place: Place, relation: Relation): Promise<Cells[]> {
  const columns = relation.columns.map(({ name }) => place.quote(name)).join(', ');
  const rows = await place.query(`SELECT ${columns} FROM ${place.table(relation)}`);
  return sorted(rows);
}

export const sorted = (rows: readonly Cells[]): Cells[] =>
  [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
