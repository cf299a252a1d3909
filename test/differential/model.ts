import type { Draw } from './draw.ts';
import type { ColumnType } from './types.ts';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A table as the writer knows it. Columns of the key are whole numbers and stay; the others come and go. */
export interface Table {
  readonly name: string;
  /** Empty: rows are found by all their values. */
  readonly key: readonly string[];
  readonly columns: readonly Column[];
  /** What happened to its columns since the pipeline has seen all of it. */
  readonly news: 'none' | 'added' | 'moved';
}

export type Model = readonly Table[];

export const START: Model = [
  { name: 'account', key: ['id'], news: 'none', columns: [{ name: 'owner', type: 'text' }] },
  { name: 'pair', key: ['a', 'b'], news: 'none', columns: [{ name: 'amount', type: 'numeric(8,2)' }] },
  {
    name: 'journal',
    key: [],
    news: 'none',
    columns: [
      { name: 'what', type: 'varchar(16)' },
      { name: 'n', type: 'integer' },
    ],
  },
  { name: 'dossier', key: ['id'], news: 'none', columns: [{ name: 'open', type: 'boolean' }] },
  { name: 'whole', key: ['id'], news: 'none', columns: [{ name: 'v', type: 'jsonb' }] },
];

/** Large values that stay as they are are not sent again. */
export const START_SQL = `
  CREATE TABLE account (id integer PRIMARY KEY, owner text);
  CREATE TABLE pair (a integer, b integer, amount numeric(8,2), PRIMARY KEY (b, a));
  CREATE TABLE journal (what varchar(16), n integer); ALTER TABLE journal REPLICA IDENTITY FULL;
  CREATE TABLE dossier (id integer PRIMARY KEY, open boolean, body text DEFAULT repeat(md5(random()::text), 150));
  ALTER TABLE dossier ALTER body SET STORAGE EXTERNAL;
  CREATE TABLE whole (id integer PRIMARY KEY, v jsonb); ALTER TABLE whole REPLICA IDENTITY FULL`;

/** One statement, and what the tables are after it. */
export interface Statement {
  readonly sql: string;
  readonly after: Model;
}

export type Make = (draw: Draw, model: Model, serial: number) => Statement;

export const changed = (model: Model, table: Table, more: Partial<Table>): Model =>
  model.map((one) => (one === table ? { ...table, ...more } : one));
