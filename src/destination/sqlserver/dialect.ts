import { columnRules, DEFAULT_RULES, type ValueRules } from '../../model/mapping.ts';
import type { Relation } from '../../model/relation.ts';
import type { ColumnCodec, Dialect, Place, Target } from '../contract.ts';
import { changeColumn, dropColumn, renameColumn, renameTable } from './alter.ts';
import { COLLATION, type Coding } from './coding.ts';
import { hashColumn, hashedKey, hashOf } from './hashed-key.ts';
import { keyWidth, MAX_CLUSTERED_BYTES, MAX_COLUMNS, MAX_KEY_BYTES, MAX_KEY_COLUMNS, rowProblem } from './limits.ts';
import { literal, valueLiteral } from './literal.ts';
import { misfit, widens } from './misfit.ts';
import { checkNames, folded, quote, unsuitable } from './names.ts';
import type { Server } from './server.ts';
import { codec } from './types.ts';

const keyOf = (relation: Relation): readonly number[] => (relation.identity === 'key' ? relation.key : []);

/** Always qualified: an unqualified name may mean another table to another user. */
function place({ schema, name }: Relation['target'], server: Server): Place {
  return { schema, name, sql: `${quote(schema ?? server.schema)}.${quote(name)}` };
}

function samePlace({ schema, name }: Relation['target'], server: Server): string {
  const written = JSON.stringify([schema ?? server.schema, name]);
  return server.caseSensitive ? written : folded(written);
}

function codecs(relation: Relation, rules: ValueRules): readonly Coding[] {
  const { columns } = relation;
  const key = keyOf(relation);
  checkNames(relation);
  if (columns.length === 0) throw unsuitable(relation, 'it has no columns');
  if (columns.length > MAX_COLUMNS)
    throw unsuitable(relation, `it has ${columns.length} columns, SQL Server allows ${MAX_COLUMNS}`);
  if (key.length > MAX_KEY_COLUMNS)
    throw unsuitable(relation, `its key has ${key.length} columns, SQL Server allows ${MAX_KEY_COLUMNS}`);
  const share = Math.floor(MAX_KEY_BYTES / Math.max(1, key.length));
  const types = columns.map((column, i) => {
    const own = columnRules(rules, relation, column.name);
    const position = key.indexOf(i);
    if (position < 0) return codec(column, { keyBytes: null }, own);
    return own.types.keysText === 'hash'
      ? anyKey(codec(column, { keyBytes: null }, own), position)
      : codec(column, { keyBytes: share }, own);
  });
  const bytes = keyBytes(key, types);
  if (bytes > MAX_KEY_BYTES)
    throw unsuitable(relation, `its key takes ${bytes} bytes, SQL Server allows ${MAX_KEY_BYTES}`);
  const problem = rowProblem(types);
  if (problem !== null)
    throw unsuitable(relation, problem, 'Leave columns out with a column list in the publication, or split the table.');
  return types;
}

const keyBytes = (key: readonly number[], types: readonly Coding[]): number =>
  key.reduce((sum, i) => sum + (types[i] ? keyWidth(types[i]) : 0), 0);

/** Texts and bytes by their hash: it knows no length, and tells spaces and zero bytes at the end apart. */
const anyKey = (type: Coding, position: number): Coding =>
  /^n?(var)?char|^(var)?binary/.test(type.ddl) && !(type.plain && type.length !== null)
    ? hashedKey(type, position + 1)
    : type;

function createTable(relation: Relation, types: readonly Coding[], server: Server): readonly string[] {
  const key = keyOf(relation);
  const name = (i: number): string => quote(relation.columns[i]?.name ?? '');
  const lines = relation.columns.map((_, i) => `${name(i)} ${types[i]?.ddl} ${key.includes(i) ? 'NOT NULL' : 'NULL'}`);
  for (const i of key) if (types[i]?.hashed) lines.push(hashColumn(name(i), types[i].hashed));
  if (key.length > 0) {
    const kind = keyBytes(key, types) > MAX_CLUSTERED_BYTES ? 'NONCLUSTERED' : 'CLUSTERED';
    lines.push(`PRIMARY KEY ${kind} (${key.map((i) => types[i]?.hashed ?? name(i)).join(', ')})`);
  }
  const at = place(relation.target, server);
  return [...createSchema(at.schema), createIfMissing(at, `\n  ${lines.join(',\n  ')}\n`)];
}

/** A schema is created by a statement that must stand alone. */
export const createSchema = (schema: string | null): readonly string[] =>
  schema === null
    ? []
    : [`IF SCHEMA_ID(${literal(schema)}) IS NULL EXEC(${literal(`CREATE SCHEMA ${quote(schema)}`)})`];

const createIfMissing = ({ sql }: Place, body: string): string =>
  `IF OBJECT_ID(${literal(sql)}) IS NULL CREATE TABLE ${sql} (${body})`;

/** WITH VALUES gives it to the rows that are there, also where the column may be NULL. */
function addColumn({ sql }: Place, name: string, type: ColumnCodec, fill: string | null): string {
  const coding = type as Coding;
  const filled = fill === null ? '' : ` DEFAULT ${valueLiteral(coding, coding.encode(fill))} WITH VALUES`;
  return `ALTER TABLE ${sql} ADD ${quote(name)} ${type.ddl} NULL${filled}`;
}

/** An update to what is there already: it waits and locks under every isolation level, whatever hints are worth. */
function lockingSelect(columns: string, table: string, where: string): string {
  const names = columns.split(', ');
  const output = names.map((name) => `inserted.${name}`).join(', ');
  return `UPDATE ${table} SET ${names[0]} = ${names[0]} OUTPUT ${output} WHERE ${where}`;
}

/** Of a parameter that is text: bytes come in hexadecimal. */
const bound = (type: ColumnCodec, n: number): string => {
  const { travel, cast } = type as Coding;
  return cast(travel === 'bytes' ? `CONVERT(varbinary(max), @p${n}, 2)` : `@p${n}`);
};

function matches(type: ColumnCodec, column: string, n: number): string {
  const { hashed } = type as Coding;
  return hashed ? `${hashed} = ${hashOf(bound(type, n))}` : `${column} = ${bound(type, n)}`;
}

const road = ({ ordered }: Target): string =>
  ordered ? `bulk load into a staging table, in order (${ordered.reason})` : 'bulk load into a staging table';

export function sqlServerDialect(server: Server, rules: ValueRules = DEFAULT_RULES): Dialect {
  return {
    quote,
    param: (n) => `@p${n}`,
    bound,
    matches,
    now: 'SYSUTCDATETIME()',
    lockingSelect,
    anyRow: (table) => `SELECT TOP (1) 1 FROM ${table}`,
    createIfMissing,
    place: (target) => place(target, server),
    samePlace: (target) => samePlace(target, server),
    codecs: (relation) => codecs(relation, rules),
    createTable: (relation, types) => createTable(relation, types as readonly Coding[], server),
    addColumn,
    widens,
    changeColumn,
    addKey: ({ sql }, columns) => `ALTER TABLE ${sql} ADD UNIQUE (${columns.map(quote).join(', ')})`,
    renameTable: (from, to) => renameTable(from, to, server.schema),
    renameColumn,
    dropColumn,
    transactionalDdl: true,
    misfit,
    sameName: (a, b) => folded(a) === folded(b),
    bookkeeping: {
      key: `nvarchar(128) COLLATE ${COLLATION}`,
      text: `nvarchar(max) COLLATE ${COLLATION}`,
      integer: 'bigint',
      time: 'datetime2(6)',
    },
    road,
  };
}
