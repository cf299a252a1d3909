import type { ColumnCodec, ExistingColumn } from '../contract.ts';
import type { Coding } from './coding.ts';

interface Type {
  readonly name: string;
  /** Infinity for max, −1 without one. */
  readonly size: number;
  readonly scale: number;
}

function parsed(type: string): Type {
  const [, name = type, size, scale] = /^(\w+)(?:\((\w+)(?:,(\d+))?\))?/.exec(type.toLowerCase()) ?? [];
  return { name, size: size === 'max' ? Number.POSITIVE_INFINITY : Number(size ?? -1), scale: Number(scale ?? 0) };
}

const INTEGERS: Readonly<Record<string, number>> = { smallint: 2, int: 4, bigint: 8 };
const DIGITS: Readonly<Record<string, number>> = { bit: 1, tinyint: 3, smallint: 5, int: 10, bigint: 19 };

/** Collations that compare code points, whatever a server calls them. */
const EXACT = /_bin2(_utf8)?$/i;

/** Why a column of the destination cannot keep what the mapping writes; null where it can. */
export function misfit(existing: ExistingColumn, codec: ColumnCodec, isKey: boolean): string | null {
  const [found, wanted] = [parsed(existing.type), parsed(codec.ddl)];
  if (existing.type.endsWith(' identity') && !isKey)
    return 'it is an IDENTITY column, which can be given a value once and never another one';
  const padded =
    (found.name === 'nchar' && wanted.name === 'nvarchar') || (found.name === 'binary' && wanted.name === 'varbinary');
  if (padded && !(codec.plain && found.size === wanted.size))
    return `its type is ${existing.type}, ${codec.ddl} is needed`;
  if (!holds(found, wanted, codec, existing)) return `its type is ${existing.type}, ${codec.ddl} is needed`;
  const { hashed } = codec as Coding;
  if (isKey && existing.collation !== null && !EXACT.test(existing.collation) && hashed === undefined)
    return `it is compared with ${existing.collation}, so different keys become one; ${codec.ddl} is needed`;
  return null;
}

function holds(found: Type, wanted: Type, codec: ColumnCodec, { collation }: ExistingColumn): boolean {
  switch (wanted.name) {
    case 'smallint':
    case 'int':
    case 'bigint':
      return (INTEGERS[found.name] ?? 0) >= (INTEGERS[wanted.name] ?? 9);
    case 'decimal':
      return (
        found.name === 'decimal' &&
        found.scale >= wanted.scale &&
        found.size - found.scale >= wanted.size - wanted.scale
      );
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return found.name === wanted.name && found.size >= wanted.size;
    case 'real':
      return found.name === 'real' || found.name === 'float';
    case 'varbinary':
    case 'binary':
      return (found.name === 'varbinary' || found.name === 'binary') && found.size >= wanted.size;
    case 'nvarchar':
    case 'nchar':
      return holdsText(found, wanted, codec, collation);
    default:
      return found.name === wanted.name;
  }
}

/** varchar has a code page, unless it is UTF-8, and then counts bytes. */
function holdsText(found: Type, wanted: Type, { plain }: ColumnCodec, collation: string | null): boolean {
  if (found.name === 'nvarchar' || found.name === 'nchar') return found.size >= wanted.size;
  if (found.name !== 'varchar' && found.name !== 'char') return false;
  if (plain) return found.size >= wanted.size;
  return found.name === 'varchar' && /utf8/i.test(collation ?? '') && found.size >= wanted.size * 3;
}

/** Whether every value that a column may hold stays what it is when the column gets the codec's type. */
export function widens(existing: ExistingColumn, codec: ColumnCodec): boolean {
  const { ddl, hashed } = codec as Coding;
  const [found, wanted] = [parsed(existing.type), parsed(ddl)];
  if (hashed !== undefined || existing.type.endsWith(' identity')) return false;
  const digits = DIGITS[found.name];
  if (digits !== undefined && wanted.name === 'decimal') return wanted.size - wanted.scale >= digits;
  if (digits !== undefined && INTEGERS[wanted.name] !== undefined)
    return (
      found.name === 'bit' || found.name === 'tinyint' || (INTEGERS[wanted.name] ?? 0) >= (INTEGERS[found.name] ?? 9)
    );
  // the text of a number, a date or a uuid there is not PostgreSQL's
  if (wanted.name === 'nvarchar') return found.name === 'nvarchar' && wanted.size >= found.size;
  if (wanted.name === 'varbinary') return found.name === 'varbinary' && wanted.size >= found.size;
  if (found.name !== wanted.name) return false;
  return holds(wanted, found, codec, existing);
}
