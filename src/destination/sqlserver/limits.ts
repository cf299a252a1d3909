import { HASH_BYTES } from '../hashed.ts';
import type { Coding } from './coding.ts';

/** https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server */
export const MAX_COLUMNS = 1024;
export const MAX_KEY_BYTES = 1700;
export const MAX_CLUSTERED_BYTES = 900;
export const MAX_KEY_COLUMNS = 32;

/** A row within its page; longer texts move out and leave a pointer. */
const MAX_ROW_BYTES = 8060;
const POINTER = 24;

const FIXED: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  real: 4,
  float: 8,
  date: 3,
  time: 5,
  datetime2: 8,
  datetimeoffset: 10,
  uniqueidentifier: 16,
};

interface Width {
  /** Bytes at most. */
  readonly bytes: number;
  readonly moves: boolean;
}

function width({ ddl }: Coding): Width {
  const [, type = '', size = ''] = /^(\w+)(?:\((\w+))?/.exec(ddl) ?? [];
  const fixed = FIXED[type];
  if (fixed !== undefined) return { bytes: fixed, moves: false };
  if (type === 'decimal')
    return { bytes: Number(size) <= 9 ? 5 : Number(size) <= 19 ? 9 : Number(size) <= 28 ? 13 : 17, moves: false };
  if (size === 'max') return { bytes: Number.POSITIVE_INFINITY, moves: true };
  return {
    bytes: type.startsWith('n') ? Number(size) * 2 : Number(size),
    moves: type.startsWith('nvar') || type.startsWith('var'),
  };
}

/** Bytes of a column in a key. */
export const keyWidth = (coding: Coding): number => (coding.hashed ? HASH_BYTES : width(coding).bytes);

/** Why no row of these columns fits into its page however much of it moves out, in words; null where it does. */
export function rowProblem(codings: readonly Coding[]): string | null {
  const least = codings.reduce(
    (sum, coding) => {
      const { bytes, moves } = width(coding);
      return sum + (moves ? 2 + Math.min(POINTER, bytes) : bytes);
    },
    7 + Math.ceil(codings.length / 8),
  );
  if (least <= MAX_ROW_BYTES) return null;
  return `its ${codings.length} columns are more than fit into a row of SQL Server`;
}
