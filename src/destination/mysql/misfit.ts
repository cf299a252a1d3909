import type { ExistingColumn } from '../contract.ts';
import type { Coding } from './coding.ts';

interface Type {
  readonly name: string;
  readonly size: number;
  readonly scale: number;
}

function parsed(type: string): Type {
  const match = /^([a-z0-9]+)(?:\((\d+)(?:,(\d+))?\))?/.exec(type.toLowerCase());
  return { name: match?.[1] ?? type, size: Number(match?.[2] ?? -1), scale: Number(match?.[3] ?? 0) };
}

const INTEGERS: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8 };
const TEXT_BYTES: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
};
const BLOB_BYTES: Readonly<Record<string, number>> = {
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
  longblob: 4_294_967_295,
};

/** Collations under which different texts are never equal. Trailing spaces count only in these. */
const EXACT = /^(utf8mb4_0900_bin|utf8mb4_nopad_bin|utf8mb3_nopad_bin|ascii_nopad_bin|binary)$/;

/** Why a column of the destination cannot keep what the mapping writes; null where it can. */
export function misfit(existing: ExistingColumn, codec: Coding, isKey: boolean): string | null {
  const { ddl, note, plain } = codec;
  const found = parsed(existing.type);
  const wanted = parsed(ddl);
  // a JSON that compares values, not text, must be the server's own
  if (codec.equal && found.name !== 'json') return `its type is ${existing.type}, ${ddl} is needed`;
  const padded = found.name === 'char' && wanted.name === 'varchar' && !plain;
  if (wanted.name === 'enum') return enumMisfit(existing.type, ddl);
  if (padded || !holds(found, wanted, existing.type)) return `its type is ${existing.type}, ${ddl} is needed`;
  if (existing.collation === null) return null;
  if (!ddl.includes(' ascii') && !existing.collation.startsWith('utf8mb4_'))
    return `its collation ${existing.collation} has no room for all characters; utf8mb4 is needed`;
  // ASCII values of these types never end with a space, so padding does not matter
  const exact = EXACT.test(existing.collation) || (plain && existing.collation.endsWith('_bin'));
  if (isKey && !exact && !(ddl.includes(' ascii') && existing.collation === 'ascii_bin'))
    return `it is compared with ${existing.collation}, so different keys become one; ${ddl} is needed${note ? ` (${note})` : ''}`;
  return null;
}

const LABEL = /'(?:[^']|'')*'/g;

/** Further labels do no harm. */
function enumMisfit(type: string, ddl: string): string | null {
  const found = new Set(/^enum\(/i.test(type) ? (type.match(LABEL) ?? []) : []);
  const missing = (ddl.match(LABEL) ?? []).filter((label) => !found.has(label));
  return missing.length === 0 ? null : `its type is ${type}, which lacks ${missing.join(', ')}; ${ddl} is needed`;
}

function holds(found: Type, wanted: Type, type: string): boolean {
  if (type.includes('unsigned')) return false;
  switch (wanted.name) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint':
      return (INTEGERS[found.name] ?? 0) >= (INTEGERS[wanted.name] ?? 9);
    case 'decimal':
      return holdsDecimal(found, wanted);
    case 'time':
    case 'datetime':
      return found.name === wanted.name && Math.max(found.size, 0) >= wanted.size;
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return (BLOB_BYTES[found.name] ?? 0) >= (BLOB_BYTES[wanted.name] ?? 0);
    case 'binary':
      return found.name === 'binary' && found.size === wanted.size;
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return (TEXT_BYTES[found.name] ?? 0) >= (TEXT_BYTES[wanted.name] ?? 0);
    case 'json':
      // MariaDB's JSON is a LONGTEXT with a check
      return found.name === 'json' || found.name === 'longtext';
    case 'varbinary':
      return found.name === 'varbinary' ? found.size >= wanted.size : (BLOB_BYTES[found.name] ?? 0) >= wanted.size;
    case 'char':
    case 'varchar':
      return holdsText(found, wanted.size);
    case 'double':
      return found.name === 'double' && found.size < 0;
    default:
      return found.name === wanted.name;
  }
}

const holdsDecimal = (found: Type, wanted: Type): boolean =>
  found.name === 'decimal' && found.scale >= wanted.scale && found.size - found.scale >= wanted.size - wanted.scale;

const holdsText = ({ name, size }: Type, characters: number): boolean =>
  name === 'varchar' || name === 'char' ? size >= characters : (TEXT_BYTES[name] ?? 0) >= characters * 4;

/** Digits of the largest value. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, mediumint: 7, int: 10, bigint: 19 };

/** Whether every value that a column may hold stays what it is when the column gets the codec's type. */
export function widens(existing: ExistingColumn, { ddl, hashed, equal }: Coding): boolean {
  const [found, wanted] = [parsed(existing.type), parsed(ddl)];
  if (hashed !== undefined || equal !== undefined || existing.type.includes('unsigned')) return false;
  // a server's own JSON is no longer the text that it was made of
  if (found.name === 'json') return false;
  if (wanted.name === 'enum')
    return found.name === 'enum' && labelsOf(existing.type).every((label) => labelsOf(ddl).includes(label));
  // from ASCII to all characters, never back
  if (ddl.includes(' ascii') && !(existing.collation ?? 'ascii').startsWith('ascii')) return false;
  const digits = INTEGER_DIGITS[found.name];
  if (wanted.name === 'decimal' && digits !== undefined) return wanted.size - wanted.scale >= digits;
  return holds(wanted, found, ddl.toLowerCase());
}

const labelsOf = (type: string): readonly string[] => (/^enum\(/i.test(type) ? (type.match(LABEL) ?? []) : []);
