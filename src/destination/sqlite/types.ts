import { Pg2anyError } from '../../model/error.ts';
import type { ColumnRules } from '../../model/mapping.ts';
import type { Column, PgType } from '../../model/relation.ts';
import type { ColumnCodec } from '../contract.ts';
import { refuseForeignMoment } from '../values/choices.ts';
import { type Family, family } from '../values/family.ts';
import { noteOf } from '../values/notes.ts';
import { byteaHex } from '../values/scalar.ts';
import { textForm } from '../values/text-form.ts';
import { uuidHex } from '../values/uuid.ts';
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

const uuidBinary = coding('BLOB', 'bytes', uuidHex);

const OWN_NOTES = { numeric: 'exact, kept as text: CAST it to compare or sum', geometry: null } as const;

export function codec(column: Column, rules: ColumnRules): ColumnCodec {
  const { type } = column;
  if (rules.type !== null) return { ...override(column, rules.type, rules), note: 'a type of your choice' };
  const kind = family(type);
  refuseNative(column, kind, rules);
  refuseForeignMoment(kind, column.name, rules.types, 'SQLite');
  if (kind === 'uuid' && rules.types.uuid === 'binary16') return { ...uuidBinary, note: null };
  return { ...(CODINGS[kind] ?? asText(type, rules)), note: noteOf(kind, rules.types, OWN_NOTES) };
}

const asText = (type: PgType, { types }: ColumnRules): Coding => coding('TEXT', 'text', textForm(type, types));

/** The options that ask for a type which other destinations have. */
const NATIVE: Partial<Record<Family, 'uuid' | 'jsonb' | 'enum' | 'geometry'>> = {
  uuid: 'uuid',
  jsonb: 'jsonb',
  enum: 'enum',
  geometry: 'geometry',
};

function refuseNative(column: Column, kind: Family, { types }: ColumnRules): void {
  const named = NATIVE[kind];
  if (named === undefined || types[named === 'jsonb' ? 'json' : named] !== 'native') return;
  throw new Pg2anyError(
    'CONFIG_INVALID',
    `column ${column.name} is to be native, but SQLite has no type for ${named}`,
    {
      hint: `Leave out ${named === 'jsonb' ? 'json' : named}: native; SQLite keeps ${named} as text.`,
    },
  );
}
