import { Pg2anyError } from '../../model/error.ts';
import { columnRules, DEFAULT_RULES, type ValueRules } from '../../model/mapping.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { ChangeAs, ColumnCodec, Dialect, ExistingColumn, Place, Target } from '../contract.ts';
import { affinity, keeps } from './affinity.ts';
import { codec } from './types.ts';

/** https://www.sqlite.org/limits.html, SQLITE_MAX_COLUMN */
const MAX_COLUMNS = 2000;

/**
 * Double quotes never fall back to a string literal here: libsql is built with SQLITE_DQS=0.
 * https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted
 */
export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** SQLite ignores the case of ASCII letters in names, and only of those. */
export const folded = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** There are no schemas: a table outside the default one carries the schema in its name. */
function place(target: Relation['target']): Place {
  const name = target.schema === null ? target.name : `${target.schema}__${target.name}`;
  return { schema: null, name, sql: quote(name) };
}

function codecs(relation: Relation, rules: ValueRules = DEFAULT_RULES): readonly ColumnCodec[] {
  const unsuitable = (why: string): Pg2anyError =>
    new Pg2anyError('TABLE_UNSUITABLE', `${relationName(relation)} cannot be held by SQLite: ${why}`);
  const { columns } = relation;
  if (columns.length === 0) throw unsuitable('it has no columns');
  if (columns.length > MAX_COLUMNS) throw unsuitable(`it has ${columns.length} columns, SQLite allows ${MAX_COLUMNS}`);
  const name = place(relation.target).name;
  if (folded(name).startsWith('sqlite_')) throw unsuitable(`names that begin with sqlite_ are reserved: ${name}`);
  const seen = new Map<string, string>();
  for (const column of columns) {
    const other = seen.get(folded(column.name));
    if (other !== undefined) throw unsuitable(`the columns ${other} and ${column.name} differ in case only`);
    seen.set(folded(column.name), column.name);
  }
  if (relation.identity === 'row' && rowidName(relation) === null)
    throw unsuitable('its columns rowid, _rowid_ and oid leave no name to tell equal rows apart');
  return columns.map((column) => codec(column, columnRules(rules, relation, column.name)));
}

/** The name under which a row's number can be had: a column of the same name hides it. */
export function rowidName(relation: Relation): string | null {
  const taken = new Set(relation.columns.map((column) => folded(column.name)));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name)) ?? null;
}

/**
 * A single integer key is the rowid itself, so there is no second tree to write. Key columns say NOT NULL because
 * SQLite lets NULL into any other primary key. WITHOUT ROWID was measured and is slower for all but tiny rows.
 */
function createTable(relation: Relation, types: readonly ColumnCodec[]): readonly string[] {
  const key = relation.identity === 'key' ? relation.key : [];
  const [only] = key;
  const alias = key.length === 1 && only !== undefined && types[only]?.ddl === 'INTEGER';
  const lines = relation.columns.map(({ name }, i) => {
    const constraint = key.includes(i) ? ` NOT NULL${alias ? ' PRIMARY KEY' : ''}` : '';
    return `${quote(name)} ${types[i]?.ddl}${constraint}`;
  });
  if (key.length > 0 && !alias)
    lines.push(`PRIMARY KEY (${key.map((i) => quote(columnName(relation, i))).join(', ')})`);
  return [createIfMissing(place(relation.target), `\n  ${lines.join(',\n  ')}\n`)];
}

const createIfMissing = ({ sql }: Place, body: string): string => `CREATE TABLE IF NOT EXISTS ${sql} (${body})`;

const columnName = (relation: Relation, index: number): string => relation.columns[index]?.name ?? '';

function addColumn(place: Place, name: string, type: ColumnCodec, fill: string | null): string {
  const filled = fill === null ? '' : ` DEFAULT ${literal(type, fill)}`;
  return `ALTER TABLE ${place.sql} ADD COLUMN ${quote(name)} ${type.ddl}${filled}`;
}

/** SQLite changes no type: another column takes the values and the name. Keys would need another table. */
function changeColumn(place: Place, name: string, type: ColumnCodec, as: ChangeAs) {
  if (as.key) return null;
  const spare = `pg2any_new_${name}`;
  return [
    addColumn(place, spare, type, as.fill),
    `UPDATE ${place.sql} SET ${quote(spare)} = CAST(${quote(name)} AS ${type.ddl})`,
    `ALTER TABLE ${place.sql} DROP COLUMN ${quote(name)}`,
    `ALTER TABLE ${place.sql} RENAME COLUMN ${quote(spare)} TO ${quote(name)}`,
  ];
}

/** Integers as text are what PostgreSQL's own text of them is. */
const widens = (existing: ExistingColumn, type: ColumnCodec): boolean =>
  affinity(existing.type) === 'INTEGER' && affinity(type.ddl) === 'TEXT';

function addKey(place: Place, columns: readonly string[]): string {
  const name = quote(`${place.name}_${columns.join('_')}_key`);
  return `CREATE UNIQUE INDEX ${name} ON ${place.sql} (${columns.map(quote).join(', ')})`;
}

function literal(type: ColumnCodec, pgText: string): string {
  const value = type.encode(pgText);
  if (type.storage === 'bytes') return `x'${value}'`;
  const bare = type.storage !== 'text' && /^-?\d/.test(value);
  return bare ? value : `'${value.replaceAll("'", "''")}'`;
}

function misfit(existing: ExistingColumn, type: ColumnCodec, isKey: boolean): string | null {
  const found = affinity(existing.type);
  if (!keeps(found, affinity(type.ddl)))
    return `its type ${existing.type} has ${found} affinity, which changes values; ${type.ddl} is needed`;
  if (isKey && existing.collation !== null && existing.collation !== 'BINARY')
    return `it is compared with ${existing.collation}, so different keys become one; BINARY is needed`;
  return null;
}

function road(target: Target): string {
  return target.ordered ? `prepared statements, in order (${target.ordered.reason})` : 'prepared upserts';
}

/** Marks the parameters that must be bound as numbers: SQLite's own text to double is off by a bit now and then. */
export const REAL_PARAMETER = '/*real*/?';

export const sqliteDialect: Dialect = {
  quote,
  param: () => '?',
  bound: ({ storage }) => (storage === 'bytes' ? 'unhex(?)' : storage === 'real' ? REAL_PARAMETER : '?'),
  now: "strftime('%Y-%m-%d %H:%M:%f', 'now')",
  // every transaction that writes is BEGIN IMMEDIATE: there is no other writer to lock out
  lockingSelect: (columns, table, where) => `SELECT ${columns} FROM ${table} WHERE ${where}`,
  anyRow: (table) => `SELECT 1 FROM ${table} LIMIT 1`,
  createIfMissing,
  place,
  samePlace: (target) => folded(place(target).name),
  codecs,
  createTable,
  addColumn,
  widens,
  changeColumn,
  addKey,
  renameTable: (from, to) => [`ALTER TABLE ${from.sql} RENAME TO ${to.sql}`],
  renameColumn: (place, from, to) => `ALTER TABLE ${place.sql} RENAME COLUMN ${quote(from)} TO ${quote(to)}`,
  dropColumn: (place, name) => `ALTER TABLE ${place.sql} DROP COLUMN ${quote(name)}`,
  transactionalDdl: true,
  misfit,
  sameName: (a, b) => folded(a) === folded(b),
  bookkeeping: { key: 'TEXT', text: 'TEXT', integer: 'INTEGER', time: 'TEXT' },
  road,
};

export const sqliteDialectWith = (rules: ValueRules): Dialect => ({
  ...sqliteDialect,
  codecs: (relation) => codecs(relation, rules),
});
