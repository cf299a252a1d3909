import { HASH_BYTES } from '../hashed.ts';
import type { Coding } from './coding.ts';
import { quote } from './names.ts';

/** A column of any length in a key, by the hash of it: the `position`-th of the key, from 1. */
export const hashedKey = (coding: Coding, position: number): Coding => ({
  ...coding,
  hashed: quote(`pg2any_key_${position}`),
  note: 'in the key by its SHA-256',
});

/** What the key is over in place of the column. HASHBYTES has no limit since SQL Server 2016. */
export const hashOf = (value: string): string => `CAST(HASHBYTES('SHA2_256', ${value}) AS binary(${HASH_BYTES}))`;

/** The column that holds the hash, in CREATE TABLE. */
export const hashColumn = (column: string, hashed: string): string =>
  `${hashed} AS ${hashOf(column)} PERSISTED NOT NULL`;

const OWN = /^pg2any_key_\d+$/i;
/** As the server writes it down: `(CONVERT([binary](32),hashbytes('SHA2_256',[url])))`. */
const HASHED = /hashbytes\(\s*'SHA2_256'\s*,\s*(?:\[((?:[^\]]|\]\])+)\]|"((?:[^"]|"")+)"|(\w+))\s*\)/i;

/** The column that a computed column is the hash of; null where it is none of ours. */
export function hashedColumn(name: string, expression: string | null): string | null {
  if (!OWN.test(name) || expression === null) return null;
  const [, bracketed, quoted, bare] = HASHED.exec(expression) ?? [];
  return bracketed?.replaceAll(']]', ']') ?? quoted?.replaceAll('""', '"') ?? bare ?? null;
}
