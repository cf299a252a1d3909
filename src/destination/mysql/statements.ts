import type { Row, Value } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { keyOf } from '../refusal.ts';
import type { Coding } from './coding.ts';
import { spelled } from './encoding.ts';
import { hashOf } from './hashed-key.ts';
import { compared, literal } from './literal.ts';

/** What statements say of a table. */
export type Written = Pick<Target, 'relation' | 'codecs' | 'columns' | 'place'>;

const name = (target: Written, column: number): string => target.columns[column] ?? '';

/** `INSERT INTO t (…) VALUES ` */
export const insertHead = (target: Written): string =>
  `INSERT INTO ${target.place.sql} (${target.columns.join(', ')}) VALUES `;

/**
 * VALUES() is deprecated on MySQL and the only way on MariaDB. It takes a hit of any unique index for a hit of the key:
 * only for targets without further ones.
 */
export function upsertTail(target: Written): string {
  const { key } = target.relation;
  const rest = target.columns.filter((_, i) => !key.includes(i));
  const set = (rest.length > 0 ? rest : target.columns.slice(0, 1)).map((column) => `${column} = VALUES(${column})`);
  return ` ON DUPLICATE KEY UPDATE ${set.join(', ')}`;
}

/** `(1, 'a', NULL)`. Throws VALUE_UNREPRESENTABLE. */
export function tuple(target: Written, row: Row): string {
  const key = (): Row => keyOf(target.relation, row);
  let text = '(';
  for (let i = 0; i < target.columns.length; i++)
    text += (i === 0 ? '' : ',') + spelled(target, i, row[i], key, literal, 'NULL');
  return `${text})`;
}

/** What a column of the key is found by: the column, or the hash of it that the key is over. */
const keyName = (target: Written, position: number): string => {
  const column = target.relation.key[position] ?? 0;
  return (target.codecs[column] as Coding | undefined)?.hashed ?? name(target, column);
};

const keyValue = (codec: Coding, encoded: string): string =>
  codec.hashed ? hashOf(literal(codec, encoded)) : compared(codec, encoded);

/** The values of the key as they are compared. */
const keyValues = (target: Written, key: Row): string[] =>
  target.relation.key.map((column, i) => spelled(target, column, key[i], () => key, keyValue, 'NULL'));

/** Where a statement for many keys begins, and what it says for one of them. */
export interface ByKey {
  readonly head: string;
  readonly tail: string;
  readonly separator: string;
  /** Keys per statement at most. */
  readonly most: number;
  one(key: Row): string;
}

/** Lists for a key of one column; for longer keys row comparisons are not exact everywhere, so they are spelled out. */
export function deleteByKey(target: Written): ByKey {
  const { key } = target.relation;
  const from = `DELETE FROM ${target.place.sql} WHERE `;
  if (key.length === 1) {
    const head = `${from}${keyName(target, 0)} IN (`;
    return { head, tail: ')', separator: ',', most: 2000, one: (values) => keyValues(target, values).join() };
  }
  return { head: from, tail: '', separator: ' OR ', most: 250, one: (values) => `(${equalKey(target, values)})` };
}

const equalKey = (target: Written, key: Row): string =>
  keyValues(target, key)
    .map((value, i) => `${keyName(target, i)} = ${value}`)
    .join(' AND ');

/** All columns equal, NULL equal to NULL. */
const equalRow = (target: Written, row: Row): string =>
  keyValues(target, row)
    .map((value, i) => `${keyName(target, i)} <=> ${value}`)
    .join(' AND ');

const assigned = (target: Written, columns: readonly number[], after: readonly Value[], key: Row): string =>
  columns.map((i) => `${name(target, i)} = ${spelled(target, i, after[i], () => key, literal, 'NULL')}`).join(', ');

/** Changes these columns of the row with this key. */
export const patchSql = (target: Written, columns: readonly number[], key: Row, after: Row): string =>
  `UPDATE ${target.place.sql} SET ${assigned(target, columns, after, key)} WHERE ${equalKey(target, key)}`;

export const patchOneSql = (target: Written, columns: readonly number[], key: Row, after: Row): string =>
  `UPDATE ${target.place.sql} SET ${assigned(target, columns, after, key)} WHERE ${equalRow(target, key)} LIMIT 1`;

export const deleteOneSql = (target: Written, row: Row): string =>
  `DELETE FROM ${target.place.sql} WHERE ${equalRow(target, row)} LIMIT 1`;

/** TRUNCATE would commit. */
export const emptySql = (target: Written): string => `DELETE FROM ${target.place.sql}`;
