import { columnRules, DEFAULT_RULES, type ValueRules } from '../../model/mapping.ts';
import type { Relation } from '../../model/relation.ts';
import type { ChangeAs, ColumnCodec, Dialect, Place, Target } from '../contract.ts';
import type { Coding } from './coding.ts';
import { hashColumn, hashedKey, hashOf } from './hashed-key.ts';
import { fitRow, keyWidth, MAX_COLUMNS, MAX_KEY_BYTES, MAX_KEY_COLUMNS } from './limits.ts';
import { literal } from './literal.ts';
import { misfit, widens } from './misfit.ts';
import { checkNames, folded, quote, unsuitable } from './names.ts';
import { tooLargeFor } from './packet.ts';
import { COLLATION, type Flavour, type Server } from './server.ts';
import { codec } from './types.ts';

/** A schema is a database; without one, the table lives in the connection's own. */
function place({ schema, name }: Relation['target']): Place {
  return { schema, name, sql: schema === null ? quote(name) : `${quote(schema)}.${quote(name)}` };
}

/** Where `lower_case_table_names` is not 0, case does not tell databases and tables apart. */
function samePlace({ schema, name }: Relation['target'], { database, tableCase }: Server): string {
  const written = JSON.stringify([schema ?? database, name]);
  return tableCase ? written : written.toLowerCase();
}

const keyOf = (relation: Relation): readonly number[] => (relation.identity === 'key' ? relation.key : []);

function codecs(relation: Relation, { flavour }: Server, rules: ValueRules): readonly ColumnCodec[] {
  const { columns } = relation;
  const key = keyOf(relation);
  checkNames(relation);
  if (columns.length === 0) throw unsuitable(relation, 'it has no columns');
  if (columns.length > MAX_COLUMNS)
    throw unsuitable(relation, `it has ${columns.length} columns, ${flavour} allows ${MAX_COLUMNS}`);
  if (key.length > MAX_KEY_COLUMNS[flavour])
    throw unsuitable(relation, `its key has ${key.length} columns, ${flavour} allows ${MAX_KEY_COLUMNS[flavour]}`);
  const share = Math.floor(MAX_KEY_BYTES / Math.max(1, key.length));
  const types = columns.map((column, i) => {
    const own = columnRules(rules, relation, column.name);
    const position = key.indexOf(i);
    if (position < 0) return codec(column, { flavour, keyBytes: null }, own);
    return own.types.keysText === 'hash'
      ? keyOfAnyLength(codec(column, { flavour, keyBytes: null }, own), position, share, flavour)
      : codec(column, { flavour, keyBytes: share }, own);
  });
  const keyBytes = key.reduce((sum, i) => sum + (types[i] ? keyWidth(types[i], flavour) : 0), 0);
  if (keyBytes > MAX_KEY_BYTES)
    throw unsuitable(relation, `its key takes ${keyBytes} bytes, ${flavour} allows ${MAX_KEY_BYTES}`);
  const fitted = fitRow(types, key, flavour);
  if (fitted === null)
    throw unsuitable(
      relation,
      `its ${columns.length} columns are more than fit into a row of ${flavour}`,
      'Leave columns out with a column list in the publication, or split the table.',
    );
  return fitted;
}

/** As it is where it fits into its share of the key, by its hash where it does not. */
const keyOfAnyLength = (type: Coding, position: number, share: number, flavour: Flavour): Coding =>
  /^LONG|TEXT|BLOB/.test(type.ddl) || keyWidth(type, flavour) > share ? hashedKey(type, position + 1) : type;

/** The columns of the key, after the hashes that stand for them. On MariaDB hashes cannot be in a primary key. */
function keyLines(relation: Relation, types: readonly Coding[], { flavour }: Server): string[] {
  const key = keyOf(relation);
  if (key.length === 0) return [];
  const name = (i: number): string => quote(relation.columns[i]?.name ?? '');
  const hashes = key.flatMap((i) =>
    types[i]?.hashed ? [hashColumn(name(i), types[i].hashed, flavour === 'MySQL')] : [],
  );
  const names = key.map((i) => types[i]?.hashed ?? name(i)).join(', ');
  const primary = hashes.length === 0 || flavour === 'MySQL';
  return [...hashes, `${primary ? 'PRIMARY KEY' : 'UNIQUE KEY `pg2any_key`'} (${names})`];
}

function createTable(relation: Relation, types: readonly ColumnCodec[], server: Server): readonly string[] {
  const { columns } = relation;
  const key = keyOf(relation);
  const lines = columns.map(
    ({ name }, i) => `${quote(name)} ${types[i]?.ddl} ${key.includes(i) ? 'NOT NULL' : 'NULL'}`,
  );
  lines.push(...keyLines(relation, types, server));
  const { schema, sql } = place(relation.target);
  const table = createIfMissing(sql, `\n  ${lines.join(',\n  ')}\n`, server);
  return schema === null ? [table] : [createDatabase(schema, server), table];
}

const createDatabase = (schema: string, { flavour }: Server): string =>
  `CREATE DATABASE IF NOT EXISTS ${quote(schema)} CHARACTER SET utf8mb4 COLLATE ${COLLATION[flavour]}`;

const createIfMissing = (sql: string, body: string, { flavour }: Server): string =>
  `CREATE TABLE IF NOT EXISTS ${sql} (${body}) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${COLLATION[flavour]}`;

/** In parentheses, because a plain literal is no default for a LONGTEXT. */
function addColumn(place: Place, name: string, type: ColumnCodec, fill: string | null): string {
  const filled = fill === null ? '' : ` DEFAULT (${defaultValue(type, type.encode(fill))})`;
  return `ALTER TABLE ${place.sql} ADD COLUMN ${quote(name)} ${type.ddl} NULL${filled}`;
}

/** All of the column has to be said again, or it is lost. */
function changeColumn(place: Place, name: string, type: ColumnCodec, as: ChangeAs) {
  const filled = as.fill === null ? '' : ` DEFAULT (${defaultValue(type, type.encode(as.fill))})`;
  const nullable = as.key ? 'NOT NULL' : 'NULL';
  return [`ALTER TABLE ${place.sql} MODIFY COLUMN ${quote(name)} ${type.ddl} ${nullable}${filled}`];
}

/** MariaDB takes the text of a default through the table's own character set, whatever the column's. */
function defaultValue(type: ColumnCodec, encoded: string): string {
  if (type.storage !== 'text' || type.plain) return literal(type, encoded);
  return `CONVERT(X'${Buffer.from(encoded).toString('hex')}' USING utf8mb4)`;
}

/** Numbers are cast for the same reason as in literal.ts. */
function bound({ storage, ddl }: ColumnCodec): string {
  if (storage === 'bytes') return 'UNHEX(?)';
  if (ddl.startsWith('DECIMAL')) return `CAST(? AS ${ddl})`;
  return storage === 'integer' || storage === 'boolean' ? 'CAST(? AS SIGNED)' : '?';
}

export function mysqlDialect(server: Server, rules: ValueRules = DEFAULT_RULES): Dialect {
  const collation = COLLATION[server.flavour];
  return {
    quote,
    param: () => '?',
    bound,
    matches: (type: Coding, column) => `${type.hashed ?? column} = ${type.hashed ? hashOf(bound(type)) : bound(type)}`,
    now: 'UTC_TIMESTAMP(6)',
    lockingSelect: (columns, table, where) => `SELECT ${columns} FROM ${table} WHERE ${where} FOR UPDATE`,
    anyRow: (table) => `SELECT 1 FROM ${table} LIMIT 1`,
    createIfMissing: ({ sql }, body) => createIfMissing(sql, body, server),
    place,
    samePlace: (target) => samePlace(target, server),
    codecs: (relation) => codecs(relation, server, rules),
    createTable: (relation, types) => createTable(relation, types, server),
    addColumn,
    widens,
    changeColumn,
    addKey: (place, columns) => `ALTER TABLE ${place.sql} ADD UNIQUE KEY (${columns.map(quote).join(', ')})`,
    renameTable: (from, to) => [
      ...(to.schema === null ? [] : [createDatabase(to.schema, server)]),
      `ALTER TABLE ${from.sql} RENAME TO ${to.sql}`,
    ],
    renameColumn: (place, from, to) => `ALTER TABLE ${place.sql} RENAME COLUMN ${quote(from)} TO ${quote(to)}`,
    dropColumn: (place, name) => `ALTER TABLE ${place.sql} DROP COLUMN ${quote(name)}`,
    transactionalDdl: false,
    misfit,
    sameName: (a, b) => folded(a) === folded(b),
    bookkeeping: {
      key: `VARCHAR(255) COLLATE ${collation}`,
      text: `LONGTEXT COLLATE ${collation}`,
      integer: 'BIGINT',
      time: 'DATETIME(6)',
    },
    road: (target) => road(target, server),
    tooLarge: (target, row) => tooLargeFor(target, row, server.maxAllowedPacket),
  };
}

function road({ ordered, bare, relation }: Target, { localInfile }: Server): string {
  if (ordered) return `statements in order (${ordered.reason})`;
  if (!localInfile) return 'multi-row upserts (local_infile is off)';
  return bare || relation.identity !== 'key'
    ? 'LOAD DATA LOCAL'
    : 'multi-row upserts (the table has more than our columns)';
}
