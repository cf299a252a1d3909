import { Pg2anyError } from '../../../model/error.ts';
import type { ConnectSchema } from '../encoding/schema.ts';

/** An Avro schema as JSON. https://avro.apache.org/docs/1.11.1/specification/#schema-declaration */
export type AvroSchema = string | readonly AvroSchema[] | { readonly [attribute: string]: unknown };

const TYPES = {
  boolean: 'boolean',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  float: 'float',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
} as const;

const DECIMAL = 'org.apache.kafka.connect.data.Decimal';

/** What AvroConverter takes where a decimal does not tell its precision. */
const PRECISION = 64;

/** As Debezium adjusts names for Avro: what it does not take becomes an underscore, and one stands before a digit. */
export const avroName = (name: string): string => name.replaceAll(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, '_');

/** The full name of a record. */
export const avroFullName = (name: string): string => name.split('.').map(avroName).join('.');

/**
 * The schema that Confluent's AvroConverter makes of one of Kafka Connect. Throws TABLE_UNSUITABLE where two fields get
 * the same name. https://docs.confluent.io/platform/current/schema-registry/connect.html#avro
 */
export const avroSchema = (schema: ConnectSchema): AvroSchema => ofSchema(schema, '', new Set());

/** `space`: the namespace around it. `known`: records that were described before, by full name. */
function ofSchema(schema: ConnectSchema, space: string, known: Set<string>): AvroSchema {
  const bare = schema.type === 'struct' ? record(schema, space, known) : annotated(base(schema, space, known), schema);
  if (!schema.optional) return bare;
  return schema.default === undefined ? ['null', bare] : [bare, 'null'];
}

function base(schema: ConnectSchema, space: string, known: Set<string>): AvroSchema {
  const { type, items } = schema;
  if (type === 'array') return { type, items: items ? ofSchema(items, space, known) : 'string' };
  return type === 'struct' ? 'null' : TYPES[type];
}

/** With what Avro has no place for, so that readers get the same schema of Kafka Connect back. */
function annotated(type: AvroSchema, schema: ConnectSchema): AvroSchema {
  const logical = schema.name === DECIMAL;
  const attributes = {
    ...(logical ? digits(schema) : {}),
    ...annotations(schema),
    ...(logical ? { logicalType: 'decimal' } : {}),
  };
  if (Object.keys(attributes).length === 0) return type;
  return { ...(typeof type === 'string' ? { type } : type), ...attributes };
}

const digits = ({ parameters = {} }: ConnectSchema): Readonly<Record<string, unknown>> => ({
  scale: Number(parameters.scale),
  precision: Number(parameters['connect.decimal.precision'] ?? PRECISION),
});

const annotations = (schema: ConnectSchema): Readonly<Record<string, unknown>> => ({
  ...(schema.doc === undefined ? {} : { 'connect.doc': schema.doc }),
  ...(schema.version === undefined ? {} : { 'connect.version': schema.version }),
  ...(schema.parameters ? { 'connect.parameters': schema.parameters } : {}),
  ...(schema.default === undefined ? {} : { 'connect.default': schema.default }),
  ...(schema.name === undefined ? {} : { 'connect.name': schema.name }),
  ...(schema.type === 'int16' ? { 'connect.type': 'int16' } : {}),
});

function record(schema: ConnectSchema, space: string, known: Set<string>): AvroSchema {
  const full = avroFullName(schema.name ?? 'io.confluent.connect.avro.ConnectDefault');
  const dot = full.lastIndexOf('.');
  const [namespace, name] = dot < 0 ? ['', full] : [full.slice(0, dot), full.slice(dot + 1)];
  if (known.has(full)) return namespace === space ? name : full;
  known.add(full);
  const fields = (schema.fields ?? []).map((one) => field(one, namespace, known));
  distinct(full, schema.fields ?? []);
  const apart = namespace === space ? {} : { namespace };
  return { type: 'record', name, ...apart, fields, ...annotations(schema) };
}

function field(schema: ConnectSchema, space: string, known: Set<string>): AvroSchema {
  const name = avroName(schema.field ?? '');
  const type = ofSchema(schema, space, known);
  if (schema.default !== undefined) return { name, type, default: schema.default };
  return schema.optional ? { name, type, default: null } : { name, type };
}

function distinct(record: string, fields: readonly ConnectSchema[]): void {
  const before = new Map<string, string>();
  for (const { field: name = '' } of fields) {
    const other = before.get(avroName(name));
    if (other !== undefined)
      throw new Pg2anyError('TABLE_UNSUITABLE', `${record}: the columns ${other} and ${name} have one name in Avro`, {
        hint: 'Rename one of them, leave it out with a column list of the publication, or set kafka.encoding to json-schema.',
      });
    before.set(avroName(name), name);
  }
}
