import type { ColumnRules } from '../../model/mapping.ts';
import type { Column, PgType } from '../../model/relation.ts';
import type { ColumnCodec } from '../contract.ts';
import { type Family, family } from '../values/family.ts';
import { byteaHex } from '../values/scalar.ts';
import { textForm } from '../values/text-form.ts';
import { boolean, type Coding, coding, integer, real } from './coding.ts';
import { override } from './override.ts';

/** What differs from plain text. */
const CODINGS: Partial<Record<Family, Coding>> = {
  int2: integer,
  int4: integer,
  int8: integer,
  oid: integer,
  bool: boolean,
  float4: real,
  float8: real,
  bytea: coding('BLOB', 'bytes', byteaHex),
};

const NOTES: Partial<Record<Family, string>> = {
  numeric: 'exact, kept as text: CAST it to compare or sum',
  array: 'a JSON array',
  hstore: 'a JSON object',
  composite: 'PostgreSQL row text',
  opaque: "PostgreSQL's own text",
};

export function codec(column: Column, rules: ColumnRules): ColumnCodec {
  const { type } = column;
  if (rules.type !== null) return { ...override(column, rules.type, rules), note: 'a type of your choice' };
  const kind = family(type);
  return { ...(CODINGS[kind] ?? asText(type, rules)), note: NOTES[kind] ?? null };
}

const asText = (type: PgType, { types }: ColumnRules): Coding => coding('TEXT', 'text', textForm(type, types));
