import { Pg2anyError } from '../../model/error.ts';
import { type ColumnRules, DEFAULT_COLUMN, type TypeOptions } from '../../model/mapping.ts';
import type { PgType } from '../../model/relation.ts';
import { plainDate, plainTimestamp, timeOfDay, utcTimestamp } from '../values/datetime.ts';
import { type Family, family } from '../values/family.ts';
import { cutSeconds, nearestMoment } from '../values/nearest.ts';
import { noteOf } from '../values/notes.ts';
import { moneyDecimal, unpadded } from '../values/scalar.ts';
import { textForm } from '../values/text-form.ts';
import { declaredBits, declaredLength, declaredNumeric, plainNumeric, secondDigits } from '../values/typmod.ts';
import { unboundedAs } from '../values/unbounded.ts';
import { uuidHex } from '../values/uuid.ts';
import {
  ascii,
  binary,
  boolean,
  bytes,
  type Coding,
  decimal,
  float,
  integer,
  longAscii,
  longText,
  MAX_UNITS,
  moment,
  type Standing,
  text,
  uuid,
} from './coding.ts';
import { type Named, override } from './override.ts';

type Make = (type: PgType, at: Standing, rules: ColumnRules) => Coding;

/** ASCII letters, digits and `+-.: _/`. */
const short =
  (length: number): Make =>
  (_, at) =>
    ascii(length, true, null, at);
/** ASCII with brackets, commas or quotes in it. */
const shape: Make = (_, at) => ascii(128, false, null, at);

/** One line per family; families that are not listed are kept as text of any length. */
const CODINGS: Partial<Record<Family, Make>> = {
  int2: () => integer('smallint'),
  int4: () => integer('int'),
  int8: () => integer('bigint'),
  oid: () => integer('bigint'),
  xid8: () => decimal({ precision: 20, scale: 0 }, []),
  float4: () => float('float4', 'real'),
  float8: () => float('float8', 'float'),
  numeric,
  // money ends at 922,337,203,685,477.58
  money: () => decimal({ precision: 19, scale: 2 }, [], moneyDecimal),
  bool: () => boolean,
  char: (type, at) => characterType(type, at, unpadded),
  varchar: (type, at) => characterType(type, at),
  name: (_, at) => text(63, at),
  enum: (_, at) => text(63, at),
  quotedChar: (_, at) => ascii(4, false, null, at),
  bytea: (_, at) => binary(at),
  date: () => datetime('date', plainDate, 'date', 0),
  time: ({ typmod }) =>
    moment(`time(${secondDigits(typmod)})`, (value) => timeOfDay(value, false), {
      problems: ['TIME_24'],
      nearest: () => cutSeconds('23:59:59.999999', secondDigits(typmod)),
    }),
  timetz: short(24),
  timestamp: ({ typmod }) =>
    datetime(`datetime2(${secondDigits(typmod)})`, plainTimestamp, 'timestamp', secondDigits(typmod)),
  timestamptz: ({ typmod }, _, { types }) => MOMENTS[types.timestamptz](secondDigits(typmod)),
  interval: short(64),
  uuid: (_, __, { types }) => (types.uuid === 'binary16' ? bytes('binary(16)', 16, uuidHex) : uuid),
  bit: bits,
  varbit: bits,
  inet: short(43),
  macaddr: (_, at) => ascii(17, true, null, at, 'nchar'),
  macaddr8: (_, at) => ascii(23, true, null, at, 'nchar'),
  shape,
  shortRange: shape,
  lsn: short(17),
  tid: (_, at) => ascii(18, false, null, at),
  geometry: (_, at) => longAscii(at),
};

const withOffset = (value: string): string => `${utcTimestamp(value)} +00:00`;

const MOMENTS: Readonly<Record<TypeOptions['timestamptz'], (digits: number) => Coding>> = {
  utc: (digits) => datetime(`datetimeoffset(${digits})`, withOffset, 'timestamptz', digits),
  datetime2: (digits) => ({ ...datetime(`datetime2(${digits})`, utcTimestamp, 'timestamptz', digits), note: 'in UTC' }),
};

/** The codec of a column. Throws CONFIG_INVALID where a choice cannot be granted. */
export function codec(column: Named, at: Standing, rules: ColumnRules = DEFAULT_COLUMN): Coding {
  const { type } = column;
  if (rules.type !== null) return override(column, rules.type, at, rules);
  const kind = family(type);
  refuseNative(column, kind, rules);
  const coding = (CODINGS[kind] ?? asText)(type, at, rules);
  if (coding.problems.some((problem) => rules.policy(problem) === 'text')) return textInstead(type, at, rules);
  return { ...coding, note: coding.note ?? noteOf(kind, rules.types) };
}

/** The options that ask for a type which other destinations have. */
const NATIVE: Partial<Record<Family, 'json' | 'enum' | 'geometry'>> = {
  jsonb: 'json',
  enum: 'enum',
  geometry: 'geometry',
};

function refuseNative({ name }: Named, kind: Family, { types }: ColumnRules): void {
  const option = NATIVE[kind];
  if (option === undefined || types[option] !== 'native') return;
  const message = `column ${name ?? '?'} is to be native, but pg2any knows no type of SQL Server for ${kind}`;
  throw new Pg2anyError('CONFIG_INVALID', message, {
    hint: `Leave out ${option}: native; SQL Server keeps ${kind} as text.`,
  });
}

/** Any value of the type, as text of any length. */
const asText: Make = (type, at, { types }) => longText(at, textForm(type, types));

const textInstead: Make = (type, at, rules) => ({
  ...asText(type, at, rules),
  note: 'kept as text, because a policy asks for it',
});

function datetime(
  ddl: string,
  encode: (text: string) => string,
  type: 'date' | 'timestamp' | 'timestamptz',
  digits: number,
): Coding {
  return moment(ddl, encode, {
    problems: ['INFINITE_DATETIME', 'BC_DATE', 'YEAR_GT_9999'],
    nearest: nearestMoment(type, digits),
  });
}

/** PostgreSQL allows 1,000 declared digits and 131,072 undeclared ones; decimal has 38. */
function numeric({ typmod }: PgType, at: Standing, { types }: ColumnRules): Coding {
  const declared = declaredNumeric(typmod);
  if (declared === null) return unboundedAs(types.numericUnbounded, unbounded, longAscii(at));
  const { precision, scale } = plainNumeric(declared);
  if (precision <= 38) return decimal({ precision, scale }, ['NUMERIC_NAN']);
  return ascii(precision + 3, true, 'kept as text: decimal has at most 38 digits', at);
}

const unbounded: Coding = {
  ...decimal({ precision: 38, scale: 20 }, ['NUMERIC_NAN', 'NUMERIC_INFINITY', 'NUMERIC_OVERFLOW', 'NUMERIC_SCALE']),
  note: 'holds 18 digits before the point and 20 after it',
};

function characterType({ typmod }: PgType, at: Standing, encode?: (text: string) => string): Coding {
  const length = declaredLength(typmod);
  return length === null ? longText(at, encode) : text(length, at, encode);
}

function bits({ typmod }: PgType, at: Standing): Coding {
  const length = declaredBits(typmod) ?? MAX_UNITS + 1;
  return length <= MAX_UNITS ? ascii(length, true, 'zeros and ones', at) : longAscii(at);
}
