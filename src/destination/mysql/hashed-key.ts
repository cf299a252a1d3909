import { HASH_BYTES } from '../hashed.ts';
import type { Coding } from './coding.ts';
import { quote } from './names.ts';

/** A column of any length in a key, by the hash of it: the `position`-th of the key, from 1. */
export const hashedKey = (coding: Coding, position: number): Coding => ({
  ...coding,
  hashed: quote(`pg2any_key_${position}`),
  note: 'in the key by its SHA-256',
});

/** What the key is over in place of the column. */
export const hashOf = (value: string): string => `UNHEX(SHA2(${value},256))`;

/** The column that holds the hash, in CREATE TABLE. MariaDB takes no NOT NULL there, and no such column in a primary key. */
export const hashColumn = (column: string, hashed: string, notNull: boolean): string =>
  `${hashed} BINARY(${HASH_BYTES}) AS (${hashOf(column)}) STORED${notNull ? ' NOT NULL' : ''}`;

const EXPRESSION = /^unhex\(sha2\(`((?:[^`]|``)+)`,256\)\)$/i;

/** The column that a generated column is the hash of; null where it is none of ours. */
export function hashedColumn(name: string, expression: string | null): string | null {
  const column = name.startsWith('pg2any_key_') ? EXPRESSION.exec(expression ?? '')?.[1] : undefined;
  return column?.replaceAll('``', '`') ?? null;
}
