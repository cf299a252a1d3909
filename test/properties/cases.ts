import fc from 'fast-check';
import type { ColumnOverride } from '../../src/model/mapping.ts';
import { json, jsonpaths, shapes, tsqueries, tsvectors, xml } from './documents.ts';
import { dates, intervals, times, timestamps, zonedTimes, zonedTimestamps } from './moments.ts';
import { arrays, composites, hstores, multiranges, ranges } from './nested.ts';
import {
  addresses,
  bits,
  decimals,
  doubles,
  edges,
  floats,
  hexBytes,
  integers,
  type Literals,
  lsns,
  macs,
  money,
  texts,
  tids,
  uuids,
} from './scalars.ts';

/**
 * What a person expects of a value at the destination. `text` is PostgreSQL's own text, character by character;
 * `document` is JSON of equal value, as PostgreSQL compares jsonb; `row` is what PostgreSQL's to_json says.
 */
export type Sense =
  | 'integer'
  | 'numeric'
  | 'float'
  | 'money'
  | 'bool'
  | 'padded'
  | 'bytes'
  | 'json'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'hstore'
  | 'document'
  | 'uuidBytes'
  | 'midnight'
  | 'fullOffset'
  | 'row'
  | 'text';

/** A column type of the source, values for it, and what becomes of them. */
export interface Case {
  /** As it is declared. */
  readonly type: string;
  readonly literals: Literals;
  /** Of each element where `array` is set. */
  readonly sense: Sense;
  readonly array: boolean;
  /** Chosen for this column in place of the usual mapping. */
  readonly own?: ColumnOverride;
}

export const of = (type: string, sense: Sense, literals: Literals): Case => ({ type, literals, sense, array: false });
export const kept = (type: string, literals: Literals): Case => of(type, 'text', literals);
export const arrayOf = (type: string, sense: Sense, element: Literals, delimiter?: string): Case => ({
  type: `${type}[]`,
  literals: arrays(element, delimiter),
  sense,
  array: true,
});

/** Types that the cases use; `public` because the search path of every session is empty. */
export const TYPES_SQL = `
  CREATE TYPE public.mood AS ENUM ('sad', 'ok', 'A', 'a', 'b ', 'it''s "x", \\y', '😀', '2', '');
  CREATE TYPE public.tone AS ENUM ('low', 'Low', 'it''s', 'back\\slash', '2', '', 'é', 'e\u0301');
  CREATE TYPE public.addr AS (street text, no int, note text);
  CREATE TYPE public.single AS (x int);
  CREATE DOMAIN public.price AS numeric(10,2) CHECK (VALUE >= 0);
  CREATE DOMAIN public.dear AS public.price;
  CREATE DOMAIN public.list AS int[];
  CREATE TYPE public.deal AS
    (price public.price, "The ""tags" text[], flag bool, home public.addr, doc jsonb, one public.single);
  CREATE TYPE public.textrange AS RANGE (subtype = text, collation = "C");
  CREATE EXTENSION hstore SCHEMA public; CREATE EXTENSION citext SCHEMA public; CREATE EXTENSION ltree SCHEMA public;
  CREATE EXTENSION cube SCHEMA public; CREATE EXTENSION seg SCHEMA public; CREATE EXTENSION isn SCHEMA public;
`;

export const moods = fc.constantFrom('sad', 'ok', 'A', 'a', 'b ', 'it\'s "x", \\y', '😀', '2', '');
const flags = fc.constantFrom('t', 'f');
const int4 = integers(32);
export const addr = composites(texts(6), int4, texts(6));
const single = edges(texts(1), '\\377', '\\000', '');

const NUMBERS: readonly Case[] = [
  of('int2', 'integer', integers(16)),
  of('int4', 'integer', int4),
  of('int8', 'integer', integers(64)),
  of('oid', 'integer', integers(32, false)),
  of('xid', 'integer', integers(32, false)),
  of('cid', 'integer', integers(32, false)),
  of('xid8', 'integer', integers(64, false)),
  of('float4', 'float', floats),
  of('float8', 'float', doubles),
  of('money', 'money', money),
  of('bool', 'bool', flags),
  of('numeric', 'numeric', decimals(36, 31)),
  ...(
    [
      [10, 2],
      [65, 30],
      [65, 0],
      [66, 30],
      [38, 38],
      [35, 31],
      [30, 30],
      [3, -2],
      [2, 5],
      [1000, 500],
    ] as const
  ).map(([p, s]) => of(`numeric(${p},${s})`, 'numeric', decimals(p - s, Math.min(s, 60)))),
  of('public.dear', 'numeric', decimals(8, 2)),
];

const TEXTS: readonly Case[] = [
  kept('text', texts(40)),
  kept('varchar', texts(40)),
  kept('varchar(7)', texts(7)),
  kept('varchar(4096)', texts(20)),
  kept('varchar(4097)', texts(20)),
  of('char(6)', 'padded', texts(6)),
  of('char(300)', 'padded', texts(20)),
  kept('bpchar', texts(20)),
  kept('name', texts(15)),
  kept('"char"', single),
  kept('public.citext', texts(20)),
  kept('public.mood', moods),
  of('bytea', 'bytes', hexBytes(40)),
  kept('json', json),
  kept('jsonb', json),
  kept('xml', xml),
  kept('jsonpath', jsonpaths),
  kept('tsvector', tsvectors),
  kept('tsquery', tsqueries),
  kept('uuid', uuids),
  kept('bit(8)', bits(8, 8)),
  kept(
    'bit(4001)',
    bits(4001, 4001).filter((text) => text !== ''),
  ),
  kept('varbit', bits(0, 90)),
  kept('varbit(64)', bits(0, 64)),
];

const MOMENTS: readonly Case[] = [
  of('date', 'date', dates),
  of('time', 'time', times),
  of('time(0)', 'time', times),
  of('time(3)', 'time', times),
  kept('timetz', zonedTimes),
  of('timestamp', 'timestamp', timestamps),
  of('timestamp(0)', 'timestamp', timestamps),
  of('timestamp(3)', 'timestamp', timestamps),
  of('timestamptz', 'timestamptz', zonedTimestamps),
  of('timestamptz(2)', 'timestamptz', zonedTimestamps),
  kept('interval', intervals),
  kept('interval day to second(2)', intervals),
];

const OTHERS: readonly Case[] = [
  kept('inet', addresses(false)),
  kept('cidr', addresses(true)),
  kept('macaddr', macs(6)),
  kept('macaddr8', macs(8)),
  kept('pg_lsn', lsns),
  kept('tid', tids),
  kept('point', shapes.point),
  kept('line', shapes.line),
  kept('lseg', shapes.lseg),
  kept('box', shapes.box),
  kept('path', shapes.path),
  kept('polygon', shapes.polygon),
  kept('circle', shapes.circle),
  kept(
    'int2vector',
    fc.array(integers(16), { maxLength: 5 }).map((list) => list.join(' ')),
  ),
  kept(
    'oidvector',
    fc.array(integers(32, false), { maxLength: 5 }).map((list) => list.join(' ')),
  ),
  kept('pg_snapshot', fc.constantFrom('10:20:10,14,15', '1:1:', '100:200:100')),
  kept('public.ltree', fc.constantFrom('a.b.c', 'Top.Science_1', '', 'x')),
  kept(
    'public.cube',
    fc.tuple(doubles, doubles).map((pair) => `(${pair.join(',')})`),
  ),
  kept('public.seg', fc.constantFrom('1.5', '1 .. 2', '> 7', '5(+-)0.3', '~ 1.00')),
  kept('public.isbn13', fc.constantFrom('978-0-393-04002-9', '9780306406157')),
  of('public.hstore', 'hstore', hstores),
  kept('public.addr', addr),
  kept('int4range', ranges(integers(16))),
  kept('int8range', ranges(integers(64))),
  kept('numrange', ranges(decimals(9, 4))),
  kept('daterange', ranges(dates)),
  kept('tsrange', ranges(timestamps)),
  kept('tstzrange', ranges(zonedTimestamps)),
  kept('public.textrange', ranges(texts(5))),
  kept('int4multirange', multiranges(integers(8))),
  kept('tstzmultirange', multiranges(zonedTimestamps)),
];

const ARRAYS: readonly Case[] = [
  arrayOf('int4', 'integer', int4),
  arrayOf('int8', 'integer', integers(64)),
  arrayOf('oid', 'integer', integers(32, false)),
  arrayOf('xid8', 'integer', integers(64, false)),
  arrayOf('numeric', 'numeric', decimals(36, 31)),
  arrayOf('numeric(10,2)', 'numeric', decimals(8, 2)),
  arrayOf('float4', 'float', floats),
  arrayOf('float8', 'float', doubles),
  arrayOf('bool', 'bool', flags),
  arrayOf('money', 'money', money),
  arrayOf('text', 'text', texts(8)),
  arrayOf('varchar(5)', 'text', texts(5)),
  arrayOf('char(5)', 'padded', texts(5)),
  arrayOf('name', 'text', texts(9)),
  arrayOf('"char"', 'text', single),
  arrayOf('public.citext', 'text', texts(8)),
  arrayOf('public.mood', 'text', moods),
  arrayOf('bytea', 'bytes', hexBytes(6)),
  arrayOf('json', 'json', json),
  arrayOf('jsonb', 'json', json),
  arrayOf('uuid', 'text', uuids),
  arrayOf('bit(3)', 'text', bits(3, 3)),
  arrayOf('date', 'text', dates),
  arrayOf('time', 'text', times),
  arrayOf('timestamp', 'text', timestamps),
  arrayOf('timestamptz', 'text', zonedTimestamps),
  arrayOf('interval', 'text', intervals),
  arrayOf('inet', 'text', addresses(false)),
  arrayOf('point', 'text', shapes.point),
  arrayOf('box', 'text', shapes.box, ';'),
  arrayOf('int4range', 'text', ranges(integers(8))),
  arrayOf('public.addr', 'text', addr),
  arrayOf('public.hstore', 'text', hstores),
  arrayOf('public.price', 'numeric', decimals(8, 2)),
  arrayOf('public.list', 'text', arrays(int4)),
  { type: 'public.list', literals: arrays(int4), sense: 'integer', array: true },
];

export const CASES: readonly Case[] = [...NUMBERS, ...TEXTS, ...MOMENTS, ...OTHERS, ...ARRAYS];
