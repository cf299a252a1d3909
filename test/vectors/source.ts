import { byType } from '../contract/vector-tables.ts';
import { pgRows } from '../support/sql.ts';
import { sameText, type Vector, vectors } from '../support/type-vectors.ts';

/** Extensions that vectors use; those of other projects come with few servers. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  citext: ['citext'],
  hstore: ['hstore'],
  ltree: ['ltree', 'lquery'],
  cube: ['cube'],
  isn: ['isbn13'],
  seg: ['seg'],
  vector: ['vector', 'halfvec', 'sparsevec'],
  postgis: ['geometry', 'geography'],
};

const TYPES = `
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'a', 'A', 'b ', 'it''s "x", \\y', '😀', '2');
  CREATE TYPE addr AS (street text, no int, note text);
  CREATE TYPE nested AS (a addr, b int[]);
  CREATE DOMAIN dom_code AS varchar(5);
  CREATE DOMAIN dom_price AS numeric(10,2) CHECK (VALUE >= 0);
  CREATE DOMAIN dom_dom AS dom_price;
  CREATE DOMAIN dom_arr AS int[];
  CREATE DOMAIN dom_ts AS timestamptz(3);
  CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");
  CREATE TABLE reg_target (id int PRIMARY KEY)`;

const isOf = (names: readonly string[], { base }: Vector): boolean =>
  names.includes(base.typname) || names.includes(base.typname.replace(/^_/, ''));

/** Vectors of extensions that this server does not have, by extension. */
export async function missing(url: string): Promise<ReadonlyMap<string, readonly Vector[]>> {
  const rows = await pgRows(url, 'SELECT name FROM pg_available_extensions');
  const available = new Set(rows.map(([name]) => name));
  return new Map(
    Object.entries(EXTENSIONS).flatMap(([extension, names]) =>
      available.has(extension) ? [] : [[extension, vectors.filter((vector) => isOf(names, vector))] as const],
    ),
  );
}

export async function createTypes(url: string, without: ReadonlyMap<string, unknown>): Promise<void> {
  const names = Object.keys(EXTENSIONS).filter((extension) => !without.has(extension));
  await pgRows(url, `${names.map((name) => `CREATE EXTENSION ${name}`).join('; ')}; ${TYPES}`);
}

/** A table of the source with a column per type, each full of its type's vectors over and over. */
export interface SourceTable {
  readonly name: string;
  readonly types: readonly (readonly Vector[])[];
  readonly rows: number;
}

const TYPES_PER_TABLE = 20;

export function sourceTables(prefix: string, list: readonly Vector[], minimumRows = 0): readonly SourceTable[] {
  const types = [...byType(list).values()];
  const tables: SourceTable[] = [];
  for (let at = 0; at < types.length; at += TYPES_PER_TABLE) {
    const some = types.slice(at, at + TYPES_PER_TABLE);
    const rows = Math.max(minimumRows, ...some.map(({ length }) => length));
    tables.push({ name: `${prefix}_${tables.length}`, types: some, rows });
  }
  return tables;
}

export const vectorAt = ({ types }: SourceTable, row: number, column: number): Vector => {
  const list = types[column] ?? [];
  const vector = list[row % list.length];
  if (!vector) throw new Error('a type without a vector');
  return vector;
};

export function createSql({ name, types }: SourceTable, key: boolean): string {
  const columns = types.map(([first], i) => `c${i} ${first?.pgType}`);
  const identity = key ? '' : `; ALTER TABLE ${name} REPLICA IDENTITY FULL`;
  return `CREATE TABLE ${name} (id bigint${key ? ' PRIMARY KEY' : ''}, ${columns.join(', ')})${identity}`;
}

const literals = (table: SourceTable, row: number): string[] =>
  table.types.map((_, column) => vectorAt(table, row, column).literal);

/** One statement for all rows, so that the literals keep their own types. */
export function insertSql(table: SourceTable): string {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  return rows.map((row) => `INSERT INTO ${table.name} VALUES (${[row, ...literals(table, row)].join(', ')})`).join(';');
}

/** Rows without their values: columns that take no NULL have a default. */
export const emptyRowsSql = ({ name, rows }: SourceTable): string =>
  `INSERT INTO ${name} (id) SELECT generate_series(0, ${rows - 1})`;

export function updateSql(table: SourceTable): string {
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const set = (row: number): string =>
    literals(table, row)
      .map((literal, i) => `c${i} = ${literal}`)
      .join(', ');
  return rows.map((row) => `UPDATE ${table.name} SET ${set(row)} WHERE id = ${row}`).join(';');
}

/** Vectors that the source itself prints in other words than it should, for people. */
export async function misprinted(url: string, { name, types }: SourceTable): Promise<string[]> {
  const settings =
    "SET timezone = 'UTC'; SET datestyle = 'ISO,YMD'; SET intervalstyle = iso_8601; SET extra_float_digits = 3; SET lc_monetary = 'C'; SET search_path = ''";
  const columns = types.map((_, i) => `c${i}`).join(', ');
  const rows = await pgRows(url, `${settings}; SELECT ${columns} FROM public.${name} ORDER BY id`);
  return types.flatMap((list, column) =>
    list.flatMap((vector, row) =>
      sameText(vector.pgText, rows[row]?.[column] ?? null) ? [] : [`${vector.id}: ${rows[row]?.[column]}`],
    ),
  );
}
