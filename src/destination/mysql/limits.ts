import type { ColumnCodec } from '../contract.ts';
import { HASH_BYTES } from '../hashed.ts';
import type { Coding } from './coding.ts';
import { COLLATION, type Flavour } from './server.ts';

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html, https://mariadb.com/kb/en/innodb-limitations/ */
export const MAX_COLUMNS = 1017;
export const MAX_KEY_BYTES = 3072;
export const MAX_KEY_COLUMNS: Readonly<Record<Flavour, number>> = { MySQL: 16, MariaDB: 32 };

/** All columns of a row as they are declared, LONGTEXT counting 12; the server's own limit is 65,535. */
const MAX_ROW_BYTES = 65_000;
/** Half of a page of 16 KiB, less headers; found by trying: 197 VARCHAR(10) fit, 198 do not. */
const MAX_PAGE_BYTES = 8100;

/** What a column takes up, in bytes. */
interface Width {
  /** Of MAX_ROW_BYTES. */
  readonly row: number;
  /** Of MAX_PAGE_BYTES, at worst: longer values move to pages of their own. */
  readonly page: number;
}

const FIXED: Readonly<Record<string, number>> = {
  TINYINT: 1,
  SMALLINT: 2,
  MEDIUMINT: 3,
  INT: 4,
  BIGINT: 8,
  DOUBLE: 8,
  DATE: 3,
  ENUM: 2,
  UUID: 16,
};

/** Bytes that a column of this type takes up, declared and in its page. */
export function width(ddl: string, flavour: Flavour): Width {
  const match = /^([A-Z]+)(?:\((\d+))?/.exec(ddl);
  const type = match?.[1] ?? '';
  const length = Number(match?.[2] ?? 0);
  const fixed = FIXED[type] ?? fixedWidth(type, length);
  if (fixed !== null) return { row: fixed, page: fixed };
  if (/TEXT$|BLOB$|^JSON$|^GEOMETRY$/.test(type)) return { row: 12, page: flavour === 'MySQL' ? 41 : 21 };
  const bytes = length * (ddl.includes(' COLLATE utf8mb4_') ? 4 : 1);
  return { row: bytes + 2, page: Math.min(bytes, 40) + 1 };
}

function fixedWidth(type: string, length: number): number | null {
  if (type === 'DECIMAL') return Math.ceil((length / 9) * 4) + 2;
  if (type === 'TIME') return 3 + Math.ceil(length / 2);
  if (type === 'DATETIME') return 5 + Math.ceil(length / 2);
  return null;
}

/** Bytes of a column in a key, without the length that stands before it. */
export const keyWidth = (codec: Coding, flavour: Flavour): number => {
  if (codec.hashed) return HASH_BYTES;
  const { row } = width(codec.ddl, flavour);
  return /^VAR|^CHAR|^BINARY/.test(codec.ddl) ? row - 2 : row;
};

/**
 * The same columns, the widest VARCHARs outside the key made LONGTEXT until the row can be declared. Null where it
 * still has too many columns for a page.
 */
export function fitRow(
  codecs: readonly ColumnCodec[],
  key: readonly number[],
  flavour: Flavour,
): readonly ColumnCodec[] | null {
  const fitted = [...codecs];
  const declared = (): number => fitted.reduce((sum, { ddl }) => sum + width(ddl, flavour).row, 0);
  for (let widest = 0; declared() > MAX_ROW_BYTES; ) {
    widest = widestVarchar(fitted, key, flavour);
    const codec = fitted[widest];
    if (codec === undefined) return null;
    const ddl = `LONGTEXT COLLATE ${COLLATION[flavour]}`;
    fitted[widest] = { ...codec, ddl, note: codec.note ?? 'LONGTEXT because all columns together are too wide' };
  }
  const page = fitted.reduce((sum, { ddl }) => sum + width(ddl, flavour).page, 18 + fitted.length / 8);
  return page > MAX_PAGE_BYTES ? null : fitted;
}

/** −1 where there is none left that gains anything. */
function widestVarchar(codecs: readonly ColumnCodec[], key: readonly number[], flavour: Flavour): number {
  let widest = -1;
  let most = 12;
  codecs.forEach(({ ddl }, i) => {
    const { row } = width(ddl, flavour);
    if (key.includes(i) || !ddl.startsWith('VARCHAR') || row <= most) return;
    widest = i;
    most = row;
  });
  return widest;
}
