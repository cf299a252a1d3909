import { escape as quoted } from 'mysql2';
import type { ColumnCodec } from '../contract.ts';
import type { Coding } from './coding.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** An encoded value as a literal in SQL text; quotes and backslashes are escaped by the driver. */
export const literal = ({ storage }: ColumnCodec, encoded: string): string =>
  storage === 'bytes' ? `X'${encoded}'` : quoted(encoded);

/**
 * The same where it is compared with a column. Exact numbers stand unquoted: against text, DECIMAL and BIGINT may be
 * compared as DOUBLE, and then neighbours are equal.
 */
export function compared(codec: Coding, encoded: string): string {
  if (codec.equal) return codec.equal(literal(codec, encoded));
  if (codec.storage === 'text' || codec.storage === 'bytes' || codec.ddl === 'DOUBLE') return literal(codec, encoded);
  return NUMBER.test(encoded) ? encoded : quoted(encoded);
}
