import type { Column, PgType } from '../../../model/relation.ts';
import { ValueProblem } from '../../problem.ts';
import { arrayItems, arrayToJson } from '../../values/array.ts';
import { type Family, family } from '../../values/family.ts';
import { isFiniteFloat } from '../../values/float.ts';
import { hstoreToJson } from '../../values/hstore.ts';
import { byteaHex, hexBytes, isTrue, moneyDecimal } from '../../values/scalar.ts';
import { declaredBits, declaredNumeric, plainNumeric, secondDigits } from '../../values/typmod.ts';
import { type EventOptions, hasSchema } from '../options.ts';
import { atScale, twosComplement, unscaledOf } from './decimal.ts';
import { days, isoUtc, sinceEpoch, sinceMidnight, timeInUtc } from './moments.ts';
import { base64, jsonOf, long, type Native } from './native.ts';
import { type ConnectSchema, field, named, plain } from './schema.ts';
import { bitsBytes, geometry, point } from './shapes.ts';
import { UNAVAILABLE, UNAVAILABLE_BYTES, UNAVAILABLE_HSTORE, unavailableItems } from './unavailable.ts';

/** PostgreSQL text to JSON text. Throws ValueProblem where JSON has no exact counterpart. */
export type ToJson = (text: string) => string;

/** PostgreSQL text to what Kafka Connect holds. Throws as `ToJson`. */
export type ToNative = (text: string) => Native;

/** How values of one type are written. */
export interface Coding {
  readonly schema: ConnectSchema;
  readonly encode: ToJson;
  readonly native: ToNative;
  /** What stands for a large value that the server did not send; null where nothing can. */
  readonly unavailable: Native;
}

/** One column of one table. */
export interface Field extends Coding {
  readonly name: string;
  /** The setting under which there is an `unavailable`; null where there is one, or none helps. */
  readonly remedy: string | null;
}

export type CodingOptions = Pick<EventOptions, 'format' | 'encoding' | 'decimals' | 'int64'>;

const quote: ToJson = (text) => JSON.stringify(text);
const same = (text: string): string => text;

/** JSON has no NaN and no infinity: Kafka Connect writes and reads them as text. */
const float: ToJson = (text) => (isFiniteFloat(text) ? text : quote(text));

type Text = (text: string) => string;

/** Texts; `of` writes them otherwise than PostgreSQL does. */
const textual = (schema: ConnectSchema, of?: Text): Coding => ({
  schema,
  encode: of ? (text) => quote(of(text)) : quote,
  native: of ?? same,
  unavailable: UNAVAILABLE,
});

const STRING = textual(plain('string'));
const semantic = (name: string, of?: Text): Coding => textual(named('string', name), of);

const boolean = (is: (text: string) => boolean): Coding => ({
  schema: plain('boolean'),
  encode: (text) => String(is(text)),
  native: is,
  unavailable: null,
});

/** Whole numbers; `of` gives their digits. */
const whole = (schema: ConnectSchema, of: Text = same): Coding => ({
  schema,
  encode: of,
  native: schema.type === 'int64' ? (text) => long(of(text)) : (text) => Number(of(text)),
  unavailable: null,
});

const real = (type: 'float' | 'double', of: Text = same): Coding => ({
  schema: plain(type),
  encode: (text) => float(of(text)),
  native: (text) => Number(of(text)),
  unavailable: null,
});

const binary = (schema: ConnectSchema, of: (text: string) => Buffer, unavailable: Buffer | null): Coding => ({
  schema,
  encode: (text) => base64(of(text)),
  native: of,
  unavailable,
});

const bytes = (schema: ConnectSchema, of: (text: string) => Buffer): Coding => binary(schema, of, UNAVAILABLE_BYTES);

const structure = (schema: ConnectSchema, native: ToNative): Coding => ({
  schema,
  encode: (text) => jsonOf(native(text)),
  native,
  unavailable: null,
});

function decimal(type: PgType, { decimals }: CodingOptions): Coding {
  if (decimals === 'string') return STRING;
  if (decimals === 'number') return real('double');
  const declared = declaredNumeric(type.typmod);
  if (!declared) return structure(variableScale(), variable);
  const { precision, scale } = plainNumeric(declared);
  return fixed(scale, { 'connect.decimal.precision': String(precision) }, same);
}

function fixed(scale: number, more: Readonly<Record<string, string>>, before: Text): Coding {
  const schema = named('bytes', 'org.apache.kafka.connect.data.Decimal', { scale: String(scale), ...more });
  return binary(schema, (text) => twosComplement(atScale(before(text), scale)), null);
}

const variableScale = (): ConnectSchema => ({
  ...named('struct', 'io.debezium.data.VariableScaleDecimal'),
  doc: 'Variable scaled decimal',
  fields: [field('scale', plain('int32')), field('value', plain('bytes'))],
});

function variable(text: string): Native {
  const { unscaled, scale } = unscaledOf(text);
  return { scale, value: twosComplement(unscaled) };
}

function money({ decimals }: CodingOptions): Coding {
  if (decimals === 'string') return textual(plain('string'), moneyDecimal);
  if (decimals === 'number') return real('double', moneyDecimal);
  return fixed(2, {}, moneyDecimal);
}

/** Debezium's "adaptive": milliseconds where the column holds no more, otherwise microseconds. */
const isCoarse = (type: PgType): boolean => secondDigits(type.typmod) <= 3;

const time = (type: PgType): Coding =>
  isCoarse(type)
    ? whole(named('int32', 'io.debezium.time.Time'), (text) => sinceMidnight(text, 3))
    : whole(named('int64', 'io.debezium.time.MicroTime'), (text) => sinceMidnight(text, 6));

const timestamp = (type: PgType): Coding =>
  isCoarse(type)
    ? whole(named('int64', 'io.debezium.time.Timestamp'), (text) => sinceEpoch(text, 3))
    : whole(named('int64', 'io.debezium.time.MicroTimestamp'), (text) => sinceEpoch(text, 6));

function bits(type: PgType, varying: boolean): Coding {
  const length = declaredBits(type.typmod);
  if (!varying && (length ?? 1) === 1) return boolean((text) => text === '1');
  const parameters = { length: String(length ?? 2_147_483_647) };
  return bytes(named('bytes', 'io.debezium.data.Bits', parameters), bitsBytes);
}

/** With a schema an array has one dimension and begins at 1; without, JSON takes it as it is. */
function array(type: PgType, options: CodingOptions): Coding {
  const { element } = type;
  if (!element) return STRING;
  const one = codingOf(element, options);
  const schema: ConnectSchema = { type: 'array', items: { ...one.schema, optional: true }, optional: false };
  const oneDimension = (text: string): string => {
    if (/^[[]|^[{][{]/.test(text))
      throw new ValueProblem('TEXT_FORM', 'is an array of several dimensions or bounds, which the schema cannot hold');
    return text;
  };
  const checked = hasSchema(options) ? oneDimension : same;
  return {
    schema,
    encode: (text) => arrayToJson(checked(text), element, one.encode),
    native: (text) => arrayItems(oneDimension(text), element).map((item) => (item === null ? null : one.native(item))),
    unavailable: unavailableItems(element, one.schema, one.unavailable),
  };
}

const vector: Coding = {
  schema: { type: 'array', items: plain('double'), optional: false, name: 'io.debezium.data.DoubleVector', version: 1 },
  encode: same,
  native: (text) => text.slice(1, -1).split(',').map(Number),
  unavailable: null,
};

const enumeration = ({ enumLabels = [] }: PgType): Coding =>
  textual(named('string', 'io.debezium.data.Enum', { allowed: enumLabels.join(',') }));

type Of = (type: PgType, options: CodingOptions) => Coding;

const always =
  (one: Coding): Of =>
  () =>
    one;

const int64: Of = (_, options) => (options.int64 === 'string' ? STRING : whole(plain('int64')));

/** What differs from plain text. https://debezium.io/documentation/reference/connectors/postgresql.html#postgresql-data-types */
const BY_FAMILY: Partial<Record<Family, Of>> = {
  bool: always(boolean(isTrue)),
  int2: always(whole(plain('int16'))),
  int4: always(whole(plain('int32'))),
  int8: int64,
  oid: int64,
  float4: always(real('float')),
  float8: always(real('double')),
  numeric: decimal,
  money: (_, options) => money(options),
  bytea: always(bytes(plain('bytes'), (text) => hexBytes(byteaHex(text)))),
  date: always(whole(named('int32', 'io.debezium.time.Date'), days)),
  time,
  timestamp,
  timestamptz: always(semantic('io.debezium.time.ZonedTimestamp', isoUtc)),
  timetz: always(semantic('io.debezium.time.ZonedTime', timeInUtc)),
  interval: always(semantic('io.debezium.time.Interval')),
  uuid: always(semantic('io.debezium.data.Uuid')),
  json: always(semantic('io.debezium.data.Json')),
  jsonb: always(semantic('io.debezium.data.Json')),
  xml: always(semantic('io.debezium.data.Xml')),
  hstore: always({ ...semantic('io.debezium.data.Json', hstoreToJson), unavailable: UNAVAILABLE_HSTORE }),
  enum: enumeration,
  bit: (type) => bits(type, false),
  varbit: (type) => bits(type, true),
  array,
  vector: always(vector),
  shape: (type) => (type.name === 'point' ? structure(point.schema, point.native) : STRING),
  geometry: (type) => structure(geometry.schema(type.name), geometry.native),
  opaque: (type) => (type.name === 'ltree' ? semantic('io.debezium.data.Ltree') : STRING),
};

export const codingOf = (type: PgType, options: CodingOptions): Coding =>
  BY_FAMILY[family(type)]?.(type, options) ?? STRING;

export function fieldOf(column: Column, options: CodingOptions, key: boolean): Field {
  const one = codingOf(column.type, options);
  return {
    ...one,
    name: column.name,
    schema: field(column.name, one.schema, !(column.notNull || key)),
    remedy: one.unavailable === null ? remedyOf(column.type, options) : null,
  };
}

function remedyOf(type: PgType, options: CodingOptions): string | null {
  const helps = (more: Partial<CodingOptions>): boolean => codingOf(type, { ...options, ...more }).unavailable !== null;
  if (helps({ decimals: 'string' })) return 'kafka.decimals to string';
  return helps({ int64: 'string' }) ? 'kafka.int64 to string' : null;
}
