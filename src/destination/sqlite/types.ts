import type { Column, PgType } from '../../model/relation.ts';
import type { ColumnCodec } from '../contract.ts';
import { arrayToJson } from '../values/array.ts';
import { fullOffset } from '../values/datetime.ts';
import { type Family, family } from '../values/family.ts';
import { isFiniteFloat } from '../values/float.ts';
import { hstoreToJson } from '../values/hstore.ts';
import { integerText } from '../values/integer.ts';
import { byteaHex, isTrue, moneyDecimal, unpadded } from '../values/scalar.ts';

type Coding = Pick<ColumnCodec, 'ddl' | 'storage' | 'plain' | 'encode' | 'expect'>;

const same = (text: string): string => text;

const coding = (
  ddl: string,
  storage: ColumnCodec['storage'],
  encode: (text: string) => string = same,
  expect = encode,
): Coding => ({ ddl, storage, plain: storage !== 'text', encode, expect });

/**
 * Only INTEGER, REAL, TEXT and BLOB are ever declared: any other name gives an affinity by accident, and a `STRING`
 * column turns '007' into 7. Text holds what no number type does exactly, so no value is ever refused.
 */
const integer = coding('INTEGER', 'integer', integerText);
const text = coding('TEXT', 'text');

/** JavaScript and SQLite print the same shortest form; −0 loses its sign in a REAL column. */
const real = coding('REAL', 'real', same, (pgText) => (isFiniteFloat(pgText) ? String(Number(pgText) + 0) : pgText));

/** What differs from plain text. */
const CODINGS: Partial<Record<Family, Coding>> = {
  int2: integer,
  int4: integer,
  int8: integer,
  oid: integer,
  bool: coding('INTEGER', 'boolean', (pgText) => (isTrue(pgText) ? '1' : '0')),
  float4: real,
  float8: real,
  bytea: coding('BLOB', 'bytes', byteaHex),
  char: coding('TEXT', 'text', unpadded),
  money: coding('TEXT', 'text', moneyDecimal),
  timestamptz: coding('TEXT', 'text', fullOffset),
  hstore: coding('TEXT', 'text', hstoreToJson),
};

const NOTES: Partial<Record<Family, string>> = {
  numeric: 'exact, kept as text: CAST it to compare or sum',
  array: 'a JSON array',
  hstore: 'a JSON object',
  composite: 'PostgreSQL row text',
  opaque: "PostgreSQL's own text",
};

export function codec({ type }: Pick<Column, 'type'>): ColumnCodec {
  const kind = family(type);
  return { ...codingOf(kind, type), note: NOTES[kind] ?? null, read: same, canon: same };
}

function codingOf(kind: Family, type: PgType): Coding {
  const { element } = type;
  if (kind === 'array' && element) return coding('TEXT', 'text', (pgText) => arrayToJson(pgText, element));
  return CODINGS[kind] ?? text;
}
