/**
 * A write-ahead log position: an unsigned 64-bit byte offset. Always a bigint in the program, because positions above
 * 2^53 and even 2^63 exist; the text form `16/B374D848` is for the edges only.
 * https://www.postgresql.org/docs/current/datatype-pg-lsn.html
 */
export type Lsn = bigint & { readonly __lsn: unique symbol };

const TEXT = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/;

export const ZERO_LSN = 0n as Lsn;

export const lsn = (value: bigint): Lsn => value as Lsn;

/** Parses `X/Y` (hexadecimal halves, padded or not). Throws RangeError on anything else. */
export function parseLsn(text: string): Lsn {
  const match = TEXT.exec(text.trim());
  if (!match?.[1] || !match[2])
    throw new RangeError(`not an LSN: ${JSON.stringify(text)} (expected a form like 16/B374D848)`);
  return lsn((BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`));
}

/** PostgreSQL's own text form: upper-case hexadecimal halves without padding. */
export function formatLsn(value: Lsn): string {
  return `${(value >> 32n).toString(16).toUpperCase()}/${(value & 0xffffffffn).toString(16).toUpperCase()}`;
}

export const maxLsn = (a: Lsn, b: Lsn): Lsn => (a > b ? a : b);
export const minLsn = (a: Lsn, b: Lsn): Lsn => (a < b ? a : b);
