import { COLUMN_TYPES, type ColumnType, type Draw } from './draw.ts';

interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A table as the writer knows it. Columns of the key are integers and stay; the others come and go. */
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

type Make = (draw: Draw, model: Model, serial: number) => Statement;

const KEYS = 60;

const insert: Make = (draw, model) => {
  const table = draw.of(model);
  const count = draw.one(12) ? 250 : 1 + draw.int(6);
  const names = [...table.key, ...table.columns.map(({ name }) => name)];
  const rows = Array.from({ length: count }, () => {
    const key = table.key.map(() => `${draw.int(count > 200 ? 400 : KEYS)}`);
    return `(${[...key, ...table.columns.map(({ type }) => draw.literal(type))].join(', ')})`;
  });
  const again = table.key.length > 0 ? ' ON CONFLICT DO NOTHING' : '';
  return { sql: `INSERT INTO ${table.name} (${names.join(', ')}) VALUES ${rows.join(', ')}${again}`, after: model };
};

/** Some rows: a few by their key, where there is one. */
function some(draw: Draw, table: Table): string {
  const key = table.key[0];
  const least = 2 + draw.int(12);
  if (key) return `${key} % ${least} = ${draw.int(least)}`;
  return `ctid IN (SELECT ctid FROM ${table.name} ORDER BY ctid LIMIT ${1 + draw.int(4)})`;
}

const update: Make = (draw, model) => {
  const table = draw.of(model);
  const column = draw.of(table.columns);
  const sql = `UPDATE ${table.name} SET ${column.name} = ${draw.literal(column.type)} WHERE ${some(draw, table)}`;
  return { sql, after: model };
};

const rekey: Make = (draw, model) => {
  const table = draw.of(model.filter(({ key }) => key.length > 0));
  const [key = ''] = table.key;
  const [from, to] = [draw.int(KEYS), draw.int(KEYS)];
  const free = `NOT EXISTS (SELECT FROM ${table.name} WHERE ${key} = ${to})`;
  return { sql: `UPDATE ${table.name} SET ${key} = ${to} WHERE ${key} = ${from} AND ${free}`, after: model };
};

const remove: Make = (draw, model) => {
  const table = draw.of(model);
  return { sql: `DELETE FROM ${table.name} WHERE ${some(draw, table)}`, after: model };
};

const truncate: Make = (draw, model) => {
  const names = new Set([draw.of(model).name, draw.of(model).name]);
  return { sql: `TRUNCATE ${[...names].join(', ')}`, after: model };
};

const changed = (model: Model, table: Table, more: Partial<Table>): Model =>
  model.map((one) => (one === table ? { ...table, ...more } : one));

/**
 * Renaming and dropping are told from one another by what the pipeline saw last: where several of them happen behind
 * its back it stops and says so. One at a time, while it may be far behind, is what it must follow.
 */
const among = (draw: Draw, model: Model, news: readonly Table['news'][]): Table | null => {
  const fitting = model.filter((table) => news.includes(table.news));
  return fitting.length === 0 ? null : draw.of(fitting);
};

/** Often one that was used before, by a column that was dropped or renamed. */
function freeName(draw: Draw, table: Table, serial: number): string {
  const used = new Set([...table.key, ...table.columns.map(({ name }) => name)]);
  const free = ['owner', 'v', 'x', 'y', 'z'].filter((name) => !used.has(name));
  return free.length === 0 || draw.one(3) ? `c${serial}` : draw.of(free);
}

/** A default shows in the rows that are there already. */
const addColumn: Make = (draw, model, serial) => {
  const table = among(draw, model, ['none', 'added']);
  if (!table) return insert(draw, model, serial);
  const column = { name: freeName(draw, table, serial), type: draw.of(COLUMN_TYPES) };
  const fallback = draw.one(2) ? '' : ` DEFAULT ${draw.literal(column.type)}`;
  const sql = `ALTER TABLE ${table.name} ADD COLUMN ${column.name} ${column.type}${fallback}`;
  return { sql, after: changed(model, table, { columns: [...table.columns, column], news: 'added' }) };
};

/** Columns of the key can be renamed as well. */
const renameColumn: Make = (draw, model, serial) => {
  const table = among(draw, model, ['none']);
  if (!table) return update(draw, model, serial);
  const old = draw.of([...table.key, ...table.columns.map(({ name }) => name)]);
  const fresh = freeName(draw, table, serial);
  const renamed = (name: string): string => (name === old ? fresh : name);
  const columns = table.columns.map((column) => ({ ...column, name: renamed(column.name) }));
  const sql = `ALTER TABLE ${table.name} RENAME COLUMN ${old} TO ${fresh}`;
  return { sql, after: changed(model, table, { key: table.key.map(renamed), columns, news: 'moved' }) };
};

const dropColumn: Make = (draw, model, serial) => {
  const table = among(draw, model, ['none']);
  if (!table || table.columns.length < 2) return addColumn(draw, model, serial);
  const { name } = draw.of(table.columns);
  const columns = table.columns.filter((column) => column.name !== name);
  return {
    sql: `ALTER TABLE ${table.name} DROP COLUMN ${name}`,
    after: changed(model, table, { columns, news: 'moved' }),
  };
};

const MOST_TABLES = 9;

const createTable: Make = (draw, model, serial) => {
  if (model.length === MOST_TABLES) return insert(draw, model, serial);
  const table: Table = { name: `t${serial}`, key: ['id'], columns: [{ name: 'v', type: 'text' }], news: 'moved' };
  return { sql: `CREATE TABLE ${table.name} (id integer PRIMARY KEY, v text)`, after: [...model, table] };
};

const KINDS: readonly { readonly weight: number; readonly make: Make }[] = [
  { weight: 40, make: insert },
  { weight: 30, make: update },
  { weight: 10, make: rekey },
  { weight: 15, make: remove },
  { weight: 2, make: truncate },
  { weight: 6, make: addColumn },
  { weight: 3, make: dropColumn },
  { weight: 3, make: renameColumn },
  { weight: 1, make: createTable },
];

export const statement = (draw: Draw, model: Model, serial: number): Statement =>
  draw.pick(KINDS).make(draw, model, serial);
