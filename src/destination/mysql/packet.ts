import { type Row, UNCHANGED } from '../../model/value.ts';
import { keyOf } from '../refusal.ts';
import { fits } from './encoding.ts';
import { patchOneSql, patchSql, tuple, type Written } from './statements.ts';

/** Bytes of SQL that a character of PostgreSQL's text becomes at most: escaped in JSON, then in SQL, or three of UTF-8. */
const MOST_PER_CHARACTER = 8;

/**
 * Whether the longest statement that writes all of this row is more than a packet takes. One answer for every road, so
 * that who reads the row back knows what was written.
 */
export function tooLargeFor(target: Written, row: Row, maxAllowedPacket: number): boolean {
  const characters = row.reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
  // a row without a key is also what it is found by
  if (fits(target, characters * MOST_PER_CHARACTER * 2, maxAllowedPacket)) return false;
  const known = row.map((value) => (value === UNCHANGED ? null : value));
  return !fits(target, Buffer.byteLength(longest(target, known)), maxAllowedPacket);
}

function longest(target: Written, row: Row): string {
  const { relation, columns } = target;
  const all = [...columns.keys()];
  if (relation.identity === 'row') return patchOneSql(target, all, row, row);
  return relation.identity === 'key' ? patchSql(target, all, keyOf(relation, row), row) : tuple(target, row);
}
