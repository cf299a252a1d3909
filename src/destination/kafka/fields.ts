import type { Column, PgType } from '../../model/relation.ts';
import { ValueProblem } from '../problem.ts';
import { arrayToJson } from '../values/array.ts';
import { type Family, family } from '../values/family.ts';
import { isFiniteFloat } from '../values/float.ts';
import { hstoreToJson } from '../values/hstore.ts';
import { byteaHex, hexBytes, isTrue, moneyDecimal } from '../values/scalar.ts';
import { declaredBits, declaredNumeric, plainNumeric, secondDigits } from '../values/typmod.ts';
import { atScale, twosComplement, unscaledOf } from './decimal.ts';
import { days, isoUtc, sinceEpoch, sinceMidnight, timeInUtc } from './moments.ts';
import type { EventOptions } from './options.ts';
import { type ConnectSchema, field, named, plain } from './schema.ts';
import { bitsBytes, geometryJson, pointJson } from './shapes.ts';

/** PostgreSQL text to JSON text. Throws ValueProblem where JSON has no exact counterpart. */
export type ToJson = (text: string) => string;

/** How values of one type are written. */
export interface Coding {
  readonly schema: ConnectSchema;
  readonly encode: ToJson;
  /** JSON of what stands for a large value that the server did not send; null where nothing can. */
  readonly unavailable: string | null;
}

/** One column of one table. */
export interface Field extends Coding {
  readonly name: string;
}

export type CodingOptions = Pick<EventOptions, 'format' | 'decimals' | 'int64'>;

/** Debezium's `unavailable.value.placeholder`. */
export const UNAVAILABLE = '__debezium_unavailable_value';

const quote: ToJson = (text) => JSON.stringify(text);
const same: ToJson = (text) => text;
const base64 = (bytes: Uint8Array): string => `"${Buffer.from(bytes).toString('base64')}"`;

const coding = (schema: ConnectSchema, encode: ToJson): Coding => ({ schema, encode, unavailable: null });
const textual = (schema: ConnectSchema, encode: ToJson = quote): Coding => ({
  schema,
  encode,
  unavailable: quote(UNAVAILABLE),
});

const STRING = textual(plain('string'));
const semantic = (name: string, encode?: ToJson): Coding => textual(named('string', name), encode);

/** JSON has no NaN and no infinity: Kafka Connect writes and reads them as text. */
const float: ToJson = (text) => (isFiniteFloat(text) ? text : quote(text));

function decimal(type: PgType, { decimals }: CodingOptions): Coding {
  if (decimals === 'string') return STRING;
  if (decimals === 'number') return coding(plain('double'), float);
  const declared = declaredNumeric(type.typmod);
  if (!declared) return coding(variableScale(), variable);
  const { precision, scale } = plainNumeric(declared);
  return fixed(scale, { 'connect.decimal.precision': String(precision) }, same);
}

function fixed(scale: number, more: Readonly<Record<string, string>>, before: ToJson): Coding {
  const schema = named('bytes', 'org.apache.kafka.connect.data.Decimal', { scale: String(scale), ...more });
  return coding(schema, (text) => base64(twosComplement(atScale(before(text), scale))));
}

const variableScale = (): ConnectSchema => ({
  ...named('struct', 'io.debezium.data.VariableScaleDecimal'),
  fields: [field('scale', plain('int32')), field('value', plain('bytes'))],
});

function variable(text: string): string {
  const { unscaled, scale } = unscaledOf(text);
  return `{"scale":${scale},"value":${base64(twosComplement(unscaled))}}`;
}

function money({ decimals }: CodingOptions): Coding {
  if (decimals === 'string') return textual(plain('string'), (text) => quote(moneyDecimal(text)));
  if (decimals === 'number') return coding(plain('double'), moneyDecimal);
  return fixed(2, {}, moneyDecimal);
}

/** Debezium's "adaptive": milliseconds where the column holds no more, otherwise microseconds. */
const isCoarse = (type: PgType): boolean => secondDigits(type.typmod) <= 3;

const time = (type: PgType): Coding =>
  isCoarse(type)
    ? coding(named('int32', 'io.debezium.time.Time'), (text) => sinceMidnight(text, 3))
    : coding(named('int64', 'io.debezium.time.MicroTime'), (text) => sinceMidnight(text, 6));

const timestamp = (type: PgType): Coding =>
  isCoarse(type)
    ? coding(named('int64', 'io.debezium.time.Timestamp'), (text) => sinceEpoch(text, 3))
    : coding(named('int64', 'io.debezium.time.MicroTimestamp'), (text) => sinceEpoch(text, 6));

function bits(type: PgType, varying: boolean): Coding {
  const length = declaredBits(type.typmod);
  if (!varying && (length ?? 1) === 1) return coding(plain('boolean'), (text) => String(text === '1'));
  const parameters = { length: String(length ?? 2_147_483_647) };
  return bytes(named('bytes', 'io.debezium.data.Bits', parameters), (text) => base64(bitsBytes(text)));
}

const bytes = (schema: ConnectSchema, encode: ToJson): Coding => ({
  schema,
  encode,
  unavailable: base64(Buffer.from(UNAVAILABLE)),
});

/** With a schema an array has one dimension and begins at 1; without, JSON takes it as it is. */
function array(type: PgType, options: CodingOptions): Coding {
  const { element } = type;
  if (!element) return STRING;
  const one = codingOf(element, options);
  const schema: ConnectSchema = { type: 'array', items: { ...one.schema, optional: true }, optional: false };
  const encode: ToJson = (text) => {
    if (options.format === 'debezium-schema' && /^[[]|^[{][{]/.test(text))
      throw new ValueProblem('TEXT_FORM', 'is an array of several dimensions or bounds, which the schema cannot hold');
    return arrayToJson(text, element, one.encode);
  };
  return { schema, encode, unavailable: one.unavailable && `[${one.unavailable}]` };
}

const vector: Coding = coding(
  { type: 'array', items: plain('double'), optional: false, name: 'io.debezium.data.DoubleVector', version: 1 },
  same,
);

const enumeration = ({ enumLabels = [] }: PgType): Coding =>
  textual(named('string', 'io.debezium.data.Enum', { allowed: enumLabels.join(',') }));

type Of = (type: PgType, options: CodingOptions) => Coding;

const always =
  (one: Coding): Of =>
  () =>
    one;

const int64: Of = (_, options) => (options.int64 === 'string' ? STRING : coding(plain('int64'), same));

/** What differs from plain text. https://debezium.io/documentation/reference/connectors/postgresql.html#postgresql-data-types */
const BY_FAMILY: Partial<Record<Family, Of>> = {
  bool: always(coding(plain('boolean'), (text) => String(isTrue(text)))),
  int2: always(coding(plain('int16'), same)),
  int4: always(coding(plain('int32'), same)),
  int8: int64,
  oid: int64,
  float4: always(coding(plain('float'), float)),
  float8: always(coding(plain('double'), float)),
  numeric: decimal,
  money: (_, options) => money(options),
  bytea: always(bytes(plain('bytes'), (text) => base64(hexBytes(byteaHex(text))))),
  date: always(coding(named('int32', 'io.debezium.time.Date'), days)),
  time,
  timestamp,
  timestamptz: always(semantic('io.debezium.time.ZonedTimestamp', (text) => quote(isoUtc(text)))),
  timetz: always(semantic('io.debezium.time.ZonedTime', (text) => quote(timeInUtc(text)))),
  interval: always(semantic('io.debezium.time.Interval')),
  uuid: always(semantic('io.debezium.data.Uuid')),
  json: always(semantic('io.debezium.data.Json')),
  jsonb: always(semantic('io.debezium.data.Json')),
  xml: always(semantic('io.debezium.data.Xml')),
  hstore: always(semantic('io.debezium.data.Json', (text) => quote(hstoreToJson(text)))),
  enum: enumeration,
  bit: (type) => bits(type, false),
  varbit: (type) => bits(type, true),
  array,
  vector: always(vector),
  shape: (type) => (type.name === 'point' ? coding(pointJson.schema, pointJson.encode) : STRING),
  geometry: (type) => coding(geometryJson.schema(type.name), geometryJson.encode),
  opaque: (type) => (type.name === 'ltree' ? semantic('io.debezium.data.Ltree') : STRING),
};

export const codingOf = (type: PgType, options: CodingOptions): Coding =>
  BY_FAMILY[family(type)]?.(type, options) ?? STRING;

export function fieldOf(column: Column, options: CodingOptions, key: boolean): Field {
  const one = codingOf(column.type, options);
  return { ...one, name: column.name, schema: field(column.name, one.schema, !(column.notNull || key)) };
}
