import { type ColumnRules, DEFAULT_COLUMN, type TypeOptions } from '../../model/mapping.ts';
import type { PgType } from '../../model/relation.ts';
import type { ColumnCodec } from '../contract.ts';
import { refuseForeignMoment } from '../values/choices.ts';
import { plainDate, plainTimestamp, timeOfDay, utcTimestamp } from '../values/datetime.ts';
import { type Family, family } from '../values/family.ts';
import { nearestMoment } from '../values/nearest.ts';
import { noteOf } from '../values/notes.ts';
import { moneyDecimal, unpadded } from '../values/scalar.ts';
import { same, textForm } from '../values/text-form.ts';
import { declaredBits, declaredLength, declaredNumeric, plainNumeric, secondDigits } from '../values/typmod.ts';
import { unboundedAs } from '../values/unbounded.ts';
import {
  ascii,
  binary,
  boolean,
  type Coding,
  decimal,
  double,
  integer,
  longAscii,
  longText,
  moment,
  type Standing,
  text,
  uuid,
} from './coding.ts';
import { nativeEnum, nativeGeometry, nativeJson, nativeUuid, uuidBinary } from './native.ts';
import { type Named, override } from './override.ts';
import { day, moment as plainMoment, type Transcribe, utcMoment } from './transcribe.ts';

type Make = (type: PgType, at: Standing, rules: ColumnRules) => Coding;

const MAX_VARCHAR = 4096;
const MAX_BITS = 4000;

/** ASCII letters, digits and `+-.: _/`. */
const short =
  (length: number): Make =>
  (_, at) =>
    ascii(length, true, null, at);
/** ASCII with brackets, commas or quotes in it. */
const shape: Make = (_, at) => ascii(128, false, null, at);

/** One line per family; families that are not listed are kept as text of any length. */
const CODINGS: Partial<Record<Family, Make>> = {
  int2: () => integer('SMALLINT'),
  int4: () => integer('INT'),
  int8: () => integer('BIGINT'),
  oid: () => integer('BIGINT'),
  xid8: () => integer('DECIMAL(20,0)'),
  // FLOAT shows 6 digits and its text is no longer the value
  float4: () => double('float4'),
  float8: () => double('float8'),
  numeric,
  money: () => decimal({ precision: 19, scale: 2 }, [], moneyDecimal),
  bool: () => boolean,
  char: (type, at) => characterType(type, at, unpadded),
  varchar: (type, at) => characterType(type, at),
  name: (_, at) => text('VARCHAR', 63, at),
  enum: ({ enumLabels }, at, { types }) =>
    types.enum === 'native' ? nativeEnum(enumLabels ?? [], at) : text('VARCHAR', 63, at),
  quotedChar: (_, at) => text('VARCHAR', 4, at),
  bytea: (_, at) => binary(at),
  date: () => datetime('DATE', plainDate, 'date', 0, day),
  time: ({ typmod }) => moment(`TIME(${secondDigits(typmod)})`, (value) => timeOfDay(value, true)),
  timetz: short(24),
  timestamp: ({ typmod }) =>
    datetime(`DATETIME(${secondDigits(typmod)})`, plainTimestamp, 'timestamp', secondDigits(typmod), plainMoment),
  // TIMESTAMP ends in 2038 and moves with the session's time zone
  timestamptz: ({ typmod }) =>
    datetime(`DATETIME(${secondDigits(typmod)})`, utcTimestamp, 'timestamptz', secondDigits(typmod), utcMoment),
  interval: short(64),
  uuid: (_, at, { types }) => UUIDS[types.uuid](at),
  jsonb: (type, at, rules) =>
    rules.types.json === 'native' && at.keyBytes === null ? nativeJson(at, same, false) : asText(type, at, rules),
  bit: bits,
  varbit: bits,
  inet: short(43),
  macaddr: (_, at) => ascii(17, true, null, at, 'CHAR'),
  macaddr8: (_, at) => ascii(23, true, null, at, 'CHAR'),
  shape,
  shortRange: shape,
  lsn: short(17),
  tid: (_, at) => ascii(18, false, null, at),
  geometry: (_, at, { types }) => (types.geometry === 'native' ? nativeGeometry(at) : longAscii(at)),
};

const UUIDS: Readonly<Record<TypeOptions['uuid'], (at: Standing) => Coding>> = {
  char36: () => uuid,
  binary16: () => uuidBinary,
  native: nativeUuid,
};

const OWN_NOTES = { timestamptz: 'in UTC' } as const;
/** A geometry of its own says what it is. */
const NATIVE_NOTES = { ...OWN_NOTES, geometry: null } as const;

export function codec(column: Named, at: Standing, rules: ColumnRules = DEFAULT_COLUMN): ColumnCodec {
  const { type } = column;
  if (rules.type !== null) return override(column, rules.type, at, rules);
  const { types } = rules;
  const kind = family(type);
  refuseForeignMoment(kind, column.name ?? '?', rules.types, at.flavour);
  const coding = (CODINGS[kind] ?? asText)(type, at, rules);
  if (coding.problems.some((problem) => rules.policy(problem) === 'text')) return textInstead(type, at, rules);
  return {
    ...coding,
    note: coding.note ?? noteOf(kind, types, types.geometry === 'native' ? NATIVE_NOTES : OWN_NOTES),
  };
}

/** Any value of the type, as text of any length. */
const asText: Make = (type, at, { types }) => longText(at, textForm(type, types));

const textInstead: Make = (type, at, rules) => ({
  ...asText(type, at, rules),
  note: 'kept as text, because a policy asks for it',
});

const datetime = (
  ddl: string,
  encode: (text: string) => string,
  type: 'date' | 'timestamp' | 'timestamptz',
  digits: number,
  transcribe: Transcribe,
): Coding =>
  moment(ddl, encode, {
    transcribe,
    problems: ['INFINITE_DATETIME', 'BC_DATE', 'YEAR_GT_9999'],
    nearest: nearestMoment(type, digits),
  });

/** PostgreSQL allows 1,000 declared digits and 131,072 undeclared ones; DECIMAL has 65, of these 30 after the point. */
function numeric({ typmod }: PgType, at: Standing, { types }: ColumnRules): Coding {
  const declared = declaredNumeric(typmod);
  if (declared === null) return unboundedAs(types.numericUnbounded, unbounded, longAscii(at));
  const { precision, scale } = plainNumeric(declared);
  if (precision <= 65 && scale <= 30) return decimal({ precision, scale }, ['NUMERIC_NAN']);
  return ascii(precision + 3, true, 'kept as text: DECIMAL has at most 65 digits, 30 of them after the point', at);
}

const unbounded: Coding = {
  ...decimal({ precision: 65, scale: 30 }, ['NUMERIC_NAN', 'NUMERIC_INFINITY', 'NUMERIC_OVERFLOW', 'NUMERIC_SCALE']),
  note: 'holds 35 digits before the point and 30 after it',
};

function characterType({ typmod }: PgType, at: Standing, encode?: (text: string) => string): Coding {
  const length = declaredLength(typmod) ?? MAX_VARCHAR + 1;
  if (encode && length <= 255) return text('CHAR', length, at, encode);
  return length <= MAX_VARCHAR ? text('VARCHAR', length, at, encode) : longText(at, encode);
}

function bits({ typmod }: PgType, at: Standing): Coding {
  const length = declaredBits(typmod) ?? MAX_BITS + 1;
  return length <= MAX_BITS ? ascii(length, true, 'zeros and ones', at) : longText(at);
}
