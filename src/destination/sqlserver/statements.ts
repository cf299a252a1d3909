import type { Row, Value } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { COLLATION, type Coding } from './coding.ts';
import { hashOf } from './hashed-key.ts';
import { stageType } from './travel.ts';

const name = (target: Target, column: number): string => target.columns[column] ?? '';
const coding = (target: Target, column: number): Coding => target.codecs[column] as Coding;

/** The column's value of what stands in the staging table `s`. */
const staged = (target: Target, column: number): string => coding(target, column).cast(`s.c${column + 1}`);

const list = (target: Target, columns: readonly number[]): string =>
  columns.map((column) => name(target, column)).join(', ');

export const allColumns = (target: Target): readonly number[] => target.columns.map((_, i) => i);

const outsideKey = (target: Target): readonly number[] =>
  allColumns(target).filter((i) => !target.relation.key.includes(i));

/** By a hash, or by the value, of which SQL Server would ignore spaces and zero bytes at the end: keys have none. */
const equalKey = (target: Target, column: number, value: string): string => {
  const { hashed } = coding(target, column);
  return hashed ? `t.${hashed} = ${hashOf(value)}` : `t.${name(target, column)} = ${value}`;
};

const joined = (target: Target): string =>
  target.relation.key.map((column) => equalKey(target, column, staged(target, column))).join(' AND ');

/** A table that lives as long as the connection. All columns are there, whichever a step fills. */
export function createStage(stage: string, target: Target): string {
  const columns = allColumns(target).map((i) => `c${i + 1} ${stageType(coding(target, i))} NULL`);
  return `IF OBJECT_ID(N'tempdb..${stage}') IS NULL CREATE TABLE ${stage} (${columns.join(', ')});`;
}

const clear = (stage: string): string => `TRUNCATE TABLE ${stage};`;

/** An explicit value for an IDENTITY column is allowed for one table of a session at a time. */
const withIdentity = (target: Target, identity: boolean, sql: string): string =>
  identity ? `SET IDENTITY_INSERT ${target.place.sql} ON;\n${sql}\nSET IDENTITY_INSERT ${target.place.sql} OFF;` : sql;

const insertStaged = (target: Target, stage: string): string => {
  const all = allColumns(target);
  const values = all.map((column) => staged(target, column)).join(', ');
  return `INSERT INTO ${target.place.sql} (${list(target, all)}) SELECT ${values} FROM ${stage} AS s`;
};

export const insertAll = (target: Target, stage: string, identity: boolean): string =>
  `${withIdentity(target, identity, `${insertStaged(target, stage)};`)}\n${clear(stage)}`;

const updateJoined = (target: Target, stage: string, columns: readonly number[]): string => {
  const set = columns.map((column) => `t.${name(target, column)} = ${staged(target, column)}`).join(', ');
  return `UPDATE t SET ${set} FROM ${target.place.sql} AS t INNER JOIN ${stage} AS s ON ${joined(target)};`;
};

/** Never MERGE: it races and deadlocks with itself. */
export function upsertAll(target: Target, stage: string, identity: boolean): string {
  const rest = outsideKey(target);
  const update = rest.length === 0 ? '' : `${updateJoined(target, stage, rest)}\n`;
  const missing = `NOT EXISTS (SELECT 1 FROM ${target.place.sql} AS t WHERE ${joined(target)})`;
  const insert = withIdentity(target, identity, `${insertStaged(target, stage)} WHERE ${missing};`);
  return `${update}${insert}\n${clear(stage)}`;
}

export const deleteAll = (target: Target, stage: string): string =>
  `DELETE t FROM ${target.place.sql} AS t INNER JOIN ${stage} AS s ON ${joined(target)};\n${clear(stage)}`;

/** Gives the number of staged rows that found none to change. */
export const patchAll = (target: Target, stage: string, columns: readonly number[]): string =>
  `${updateJoined(target, stage, columns)}
SELECT COUNT(*) FROM ${stage} AS s WHERE NOT EXISTS (SELECT 1 FROM ${target.place.sql} AS t WHERE ${joined(target)});
${clear(stage)}`;

export const emptySql = (target: Target): string => `DELETE FROM ${target.place.sql};`;

/** A statement over parameters, which are counted on from those before it. */
export type Numbered = (from: number) => string;

const cast = (target: Target, column: number, n: number): string => coding(target, column).cast(`@p${n}`);

/** `t.[a] = …, t.[b] = …`, parameters in the order of the columns. */
const assigned = (target: Target, columns: readonly number[], from: number): string =>
  columns.map((column, i) => `t.${name(target, column)} = ${cast(target, column, from + i)}`).join(', ');

const byKey = (target: Target, from: number): string =>
  target.relation.key.map((column, i) => equalKey(target, column, cast(target, column, from + i))).join(' AND ');

/** Parameters: the columns, then the key. */
export const patchSql =
  (target: Target, columns: readonly number[]): Numbered =>
  (from) =>
    `UPDATE t SET ${assigned(target, columns, from)} FROM ${target.place.sql} AS t WHERE ${byKey(target, from + columns.length)};`;

/** Parameters: the key. */
export const deleteSql =
  (target: Target): Numbered =>
  (from) =>
    `DELETE t FROM ${target.place.sql} AS t WHERE ${byKey(target, from)};`;

/** Parameters: all columns. */
export const insertSql =
  (target: Target, identity: boolean): Numbered =>
  (from) => {
    const all = allColumns(target);
    const values = all.map((column, i) => cast(target, column, from + i)).join(', ');
    return withIdentity(target, identity, `INSERT INTO ${target.place.sql} (${list(target, all)}) VALUES (${values});`);
  };

/** Parameters: all columns. A row that is there gets them, one that is not is put in. */
export const upsertSql =
  (target: Target, identity: boolean): Numbered =>
  (from) => {
    const { relation, place } = target;
    const value = (column: number): string => cast(target, column, from + column);
    const key = relation.key.map((column) => equalKey(target, column, value(column))).join(' AND ');
    const rest = outsideKey(target);
    const insert = insertSql(target, identity)(from);
    if (rest.length === 0)
      return `IF NOT EXISTS (SELECT 1 FROM ${place.sql} AS t WHERE ${key})\nBEGIN\n${insert}\nEND;`;
    const set = rest.map((column) => `t.${name(target, column)} = ${value(column)}`).join(', ');
    return `UPDATE t SET ${set} FROM ${place.sql} AS t WHERE ${key};\nIF @@ROWCOUNT = 0\nBEGIN\n${insert}\nEND;`;
  };

const TEXT = /^n(var)?char/i;
const BYTES = /^(var)?binary/i;

/**
 * All columns equal, NULL equal to NULL; values that are not NULL take a parameter each. SQL Server takes texts for one
 * that differ in spaces at their end, and bytes that differ in zeros there: their lengths tell.
 */
function equalRow(target: Target, row: Row, from: number): string {
  let n = from;
  return target.relation.key
    .map((column, i) => {
      const there = `t.${name(target, column)}`;
      if (row[i] === null || row[i] === undefined) return `${there} IS NULL`;
      const value = cast(target, column, n++);
      const { ddl } = coding(target, column);
      const same = `DATALENGTH(${there}) = DATALENGTH(${value})`;
      if (TEXT.test(ddl)) return `${there} = ${value} COLLATE ${COLLATION} AND ${same}`;
      return BYTES.test(ddl) ? `${there} = ${value} AND ${same}` : `${there} = ${value}`;
    })
    .join(' AND ');
}

/** The values of a row that take a parameter in a condition over all of it. */
export const present = (row: Row): readonly (readonly [index: number, value: Value])[] =>
  row.flatMap((value, i) => (value === null || value === undefined ? [] : [[i, value] as const]));

/** Parameters: the row's values that are not NULL. */
export const deleteOneSql =
  (target: Target, row: Row): Numbered =>
  (from) =>
    `DELETE TOP (1) t FROM ${target.place.sql} AS t WHERE ${equalRow(target, row, from)};`;

/** Parameters: the columns, then the row's values that are not NULL. */
export const patchOneSql =
  (target: Target, columns: readonly number[], row: Row): Numbered =>
  (from) =>
    `UPDATE TOP (1) t SET ${assigned(target, columns, from)} FROM ${target.place.sql} AS t WHERE ${equalRow(target, row, from + columns.length)};`;
