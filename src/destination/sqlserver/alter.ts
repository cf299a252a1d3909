import type { ChangeAs, ColumnCodec, Place } from '../contract.ts';
import type { Coding } from './coding.ts';
import { literal, valueLiteral } from './literal.ts';
import { quote } from './names.ts';

/** EXEC takes no function calls, so that the statement has a variable of its own. */
const dropConstraint = (sql: string, name: '@default' | '@key'): string =>
  `DECLARE @drop nvarchar(max) = ${literal(`ALTER TABLE ${sql} DROP CONSTRAINT `)} + QUOTENAME(${name});
IF ${name} IS NOT NULL EXEC(@drop);`;

/** A default is an object of its own that holds on to its column. */
const dropDefault = ({ sql }: Place, name: string): string =>
  `DECLARE @default sysname = (SELECT d.name FROM sys.default_constraints AS d INNER JOIN sys.columns AS c
  ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id
  WHERE d.parent_object_id = OBJECT_ID(${literal(sql)}) AND c.name = ${literal(name)});
${dropConstraint(sql, '@default')}`;

/** The primary key holds on to its columns as well. */
const dropKey = ({ sql }: Place): string =>
  `DECLARE @key sysname = (SELECT k.name FROM sys.key_constraints AS k
  WHERE k.parent_object_id = OBJECT_ID(${literal(sql)}) AND k.type = 'PK');
${dropConstraint(sql, '@key')}`;

/** Columns outside the key may be NULL, and stay so where nothing is said. */
export function changeColumn(
  place: Place,
  name: string,
  type: ColumnCodec,
  { key, fill }: ChangeAs,
): readonly string[] {
  const coding = type as Coding;
  const alter = `ALTER TABLE ${place.sql} ALTER COLUMN ${quote(name)} ${type.ddl}`;
  if (key) {
    const list = key.map(quote).join(', ');
    return [dropKey(place), `${alter} NOT NULL`, `ALTER TABLE ${place.sql} ADD PRIMARY KEY NONCLUSTERED (${list})`];
  }
  if (fill === null) return [alter];
  const value = valueLiteral(coding, coding.encode(fill));
  return [dropDefault(place, name), alter, `ALTER TABLE ${place.sql} ADD DEFAULT ${value} FOR ${quote(name)}`];
}

export const dropColumn = (place: Place, name: string): string =>
  `${dropDefault(place, name)}\nALTER TABLE ${place.sql} DROP COLUMN ${quote(name)}`;

export const renameColumn = ({ sql }: Place, from: string, to: string): string =>
  `EXEC sp_rename ${literal(`${sql}.${quote(from)}`)}, ${literal(to)}, N'COLUMN'`;

/** The name within its schema, then the schema, which is created when missing. */
export function renameTable(from: Place, to: Place, own: string): readonly string[] {
  const [there, schema] = [from.schema ?? own, to.schema ?? own];
  const rename = from.name === to.name ? [] : [`EXEC sp_rename ${literal(from.sql)}, ${literal(to.name)}, N'OBJECT'`];
  if (there === schema) return rename;
  const create = `IF SCHEMA_ID(${literal(schema)}) IS NULL EXEC(${literal(`CREATE SCHEMA ${quote(schema)}`)})`;
  const moved = `${quote(there)}.${quote(to.name)}`;
  return [...rename, create, `ALTER SCHEMA ${quote(schema)} TRANSFER ${moved}`];
}
