import type { Draw } from './draw.ts';
import type { Make, Table } from './model.ts';

const KEYS = 60;

export const insert: Make = (draw, model) => {
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

export const update: Make = (draw, model) => {
  const table = draw.of(model);
  const column = draw.of(table.columns);
  const sql = `UPDATE ${table.name} SET ${column.name} = ${draw.literal(column.type)} WHERE ${some(draw, table)}`;
  return { sql, after: model };
};

export const rekey: Make = (draw, model) => {
  const table = draw.of(model.filter(({ key }) => key.length > 0));
  const [key = ''] = table.key;
  const [from, to] = [draw.int(KEYS), draw.int(KEYS)];
  const free = `NOT EXISTS (SELECT FROM ${table.name} WHERE ${key} = ${to})`;
  return { sql: `UPDATE ${table.name} SET ${key} = ${to} WHERE ${key} = ${from} AND ${free}`, after: model };
};

export const remove: Make = (draw, model) => {
  const table = draw.of(model);
  return { sql: `DELETE FROM ${table.name} WHERE ${some(draw, table)}`, after: model };
};

export const truncate: Make = (draw, model) => {
  const names = new Set([draw.of(model).name, draw.of(model).name]);
  return { sql: `TRUNCATE ${[...names].join(', ')}`, after: model };
};
