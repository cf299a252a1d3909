import { Pg2anyError } from '../../model/error.ts';
import type { Cell, ExistingColumn, ExistingTable, Place, Session, UniqueIndex } from '../contract.ts';
import { withoutHashes } from '../hashed.ts';
import { hashedColumn } from './hashed-key.ts';

type Found = readonly (readonly Cell[])[];

/** A table as the server has it, null where there is none. Throws TABLE_MISMATCH where the name is something else. */
export async function describeTable(session: Session, place: Place): Promise<ExistingTable | null> {
  const [found] = await session.rows(
    'SELECT o.object_id, RTRIM(o.type), o.type_desc FROM sys.objects AS o WHERE o.object_id = OBJECT_ID(@p1)',
    [place.sql],
  );
  if (!found) return null;
  const [id = null, type, description] = found;
  if (type !== 'U')
    throw new Pg2anyError('TABLE_MISMATCH', `${place.sql} is a ${description?.toLowerCase().replaceAll('_', ' ')}`);
  return {
    ...withoutHashes({ columns: await columns(session, id), uniques: await uniques(session, id) }),
    foreignKeys: await names(
      session,
      'SELECT name FROM sys.foreign_keys WHERE parent_object_id = CAST(@p1 AS int) OR referenced_object_id = CAST(@p1 AS int)',
      id,
    ),
    triggers: await names(session, 'SELECT name FROM sys.triggers WHERE parent_id = CAST(@p1 AS int)', id),
  };
}

async function names(session: Session, sql: string, id: Cell): Promise<string[]> {
  return (await session.rows(sql, [id])).map(([name]) => name ?? '');
}

async function columns(session: Session, id: Cell) {
  const found = await session.rows(
    `SELECT c.name, t.name, c.max_length, c.precision, c.scale, c.collation_name, c.is_nullable, c.is_identity,
       c.is_computed, c.default_object_id, k.definition
     FROM sys.columns AS c INNER JOIN sys.types AS t ON t.user_type_id = c.user_type_id
     LEFT JOIN sys.computed_columns AS k ON k.object_id = c.object_id AND k.column_id = c.column_id
     WHERE c.object_id = CAST(@p1 AS int) ORDER BY c.column_id`,
    [id],
  );
  return found.map(column);
}

function column([
  name,
  type,
  length,
  precision,
  scale,
  collation,
  nullable,
  identity,
  computed,
  fallback,
  sql,
]: readonly Cell[]) {
  const found: ExistingColumn = {
    name: name ?? '',
    type: typeOf(type ?? '', Number(length), Number(precision), Number(scale)) + (identity === '1' ? ' identity' : ''),
    collation: collation ?? null,
    nullable: nullable === '1',
    hasDefault: identity === '1' || fallback !== '0',
    generated: computed === '1' || type === 'timestamp',
  };
  return { ...found, hashes: hashedColumn(found.name, sql ?? null) };
}

/** As it stands in CREATE TABLE. Lengths are in bytes there, −1 for max. */
function typeOf(type: string, length: number, precision: number, scale: number): string {
  switch (type) {
    case 'nvarchar':
    case 'nchar':
      return `${type}(${length < 0 ? 'max' : length / 2})`;
    case 'varchar':
    case 'char':
    case 'varbinary':
    case 'binary':
      return `${type}(${length < 0 ? 'max' : length})`;
    case 'decimal':
    case 'numeric':
      return `decimal(${precision},${scale})`;
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return `${type}(${scale})`;
    default:
      return type;
  }
}

async function uniques(session: Session, id: Cell): Promise<UniqueIndex[]> {
  const found = await session.rows(
    `SELECT i.name, i.is_primary_key, i.has_filter, c.name
     FROM sys.indexes AS i INNER JOIN sys.index_columns AS x ON x.object_id = i.object_id AND x.index_id = i.index_id
     INNER JOIN sys.columns AS c ON c.object_id = x.object_id AND c.column_id = x.column_id
     WHERE i.object_id = CAST(@p1 AS int) AND i.is_unique = 1 AND x.is_included_column = 0
     ORDER BY i.index_id, x.key_ordinal`,
    [id],
  );
  return [...new Set(found.map(([index]) => index ?? ''))].map((name) => uniqueIndex(name, found));
}

function uniqueIndex(name: string, found: Found): UniqueIndex {
  const parts = found.filter(([index]) => index === name);
  // an index with a WHERE binds only some rows
  const whole = parts.every(([, , filtered]) => filtered !== '1');
  return {
    name,
    columns: whole ? parts.map(([, , , column]) => column ?? '') : [],
    primary: parts.some(([, primary]) => primary === '1'),
  };
}
