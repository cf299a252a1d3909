import type { Draw } from './draw.ts';
import { type Column, changed, type Make, type Model, START, type Table } from './model.ts';
import { insert, update } from './rows.ts';
import { COLUMN_TYPES, type ColumnType, VOLATILE, WIDER } from './types.ts';

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

/** A default shows in the rows that are there already: one for all, or another in each. */
export const addColumn: Make = (draw, model, serial) => {
  const table = among(draw, model, ['none', 'added']);
  if (!table) return insert(draw, model, serial);
  const column = { name: freeName(draw, table, serial), type: draw.of(COLUMN_TYPES) };
  const sql = `ALTER TABLE ${table.name} ADD COLUMN ${column.name} ${column.type}${fallback(draw, column.type)}`;
  return { sql, after: changed(model, table, { columns: [...table.columns, column], news: 'added' }) };
};

function fallback(draw: Draw, type: ColumnType): string {
  const drawn = VOLATILE.get(type);
  if (drawn && draw.one(4)) return ` DEFAULT ${drawn}`;
  return draw.one(2) ? '' : ` DEFAULT ${draw.literal(type)}`;
}

/** Type changes that keep every value as it is, columns of the key included; some write the table again. */
export const widenColumn: Make = (draw, model, serial) => {
  const table = draw.of(model);
  const wider = table.columns.flatMap(({ name, type }) => (WIDER.get(type) ?? []).map((to) => ({ name, type: to })));
  const keys = table.key.map((name): Column => ({ name, type: 'bigint' }));
  const all = draw.one(6) ? keys : wider;
  if (all.length === 0) return update(draw, model, serial);
  const one = draw.of(all);
  const columns = table.columns.map((column) => (column.name === one.name ? one : column));
  const sql = `ALTER TABLE ${table.name} ALTER COLUMN ${one.name} TYPE ${one.type}`;
  return { sql, after: changed(model, table, { columns }) };
};

/** Often to a name that another table had. */
export const renameTable: Make = (draw, model, serial) => {
  const table = draw.of(model);
  const name = freeTable(draw, model, serial);
  return { sql: `ALTER TABLE ${table.name} RENAME TO ${name}`, after: changed(model, table, { name }) };
};

function freeTable(draw: Draw, model: Model, serial: number): string {
  const used = new Set(model.map(({ name }) => name));
  const free = [...START.map(({ name }) => name), 'other'].filter((name) => !used.has(name));
  return free.length === 0 || draw.one(3) ? `t${serial}` : draw.of(free);
}

/** Columns of the key can be renamed as well. */
export const renameColumn: Make = (draw, model, serial) => {
  const table = among(draw, model, ['none']);
  if (!table) return update(draw, model, serial);
  const old = draw.of([...table.key, ...table.columns.map(({ name }) => name)]);
  const fresh = freeName(draw, table, serial);
  const renamed = (name: string): string => (name === old ? fresh : name);
  const columns = table.columns.map((column) => ({ ...column, name: renamed(column.name) }));
  const sql = `ALTER TABLE ${table.name} RENAME COLUMN ${old} TO ${fresh}`;
  return { sql, after: changed(model, table, { key: table.key.map(renamed), columns, news: 'moved' }) };
};

export const dropColumn: Make = (draw, model, serial) => {
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

export const createTable: Make = (draw, model, serial) => {
  if (model.length === MOST_TABLES) return insert(draw, model, serial);
  const table: Table = {
    name: freeTable(draw, model, serial),
    key: ['id'],
    columns: [{ name: 'v', type: 'text' }],
    news: 'moved',
  };
  return { sql: `CREATE TABLE ${table.name} (id integer PRIMARY KEY, v text)`, after: [...model, table] };
};
