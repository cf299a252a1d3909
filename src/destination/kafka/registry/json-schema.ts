import type { ConnectSchema } from '../encoding/schema.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

const NULL: JsonSchema = { type: 'null' };

/** Type, and Kafka Connect's own where JSON Schema has no word for it. */
const TYPES: Readonly<Record<ConnectSchema['type'], readonly [type: string, connect?: string]>> = {
  boolean: ['boolean'],
  int16: ['integer', 'int16'],
  int32: ['integer', 'int32'],
  int64: ['integer', 'int64'],
  float: ['number', 'float32'],
  double: ['number', 'float64'],
  string: ['string'],
  bytes: ['string', 'bytes'],
  array: ['array'],
  struct: ['object'],
};

/**
 * The schema that Confluent's JsonSchemaConverter makes of one of Kafka Connect.
 * https://docs.confluent.io/platform/current/schema-registry/connect.html#json-schema
 */
export function jsonSchema(schema: ConnectSchema, index?: number): JsonSchema {
  const place = index === undefined ? {} : { 'connect.index': index };
  const bare = plainSchema(schema);
  return schema.optional ? { oneOf: [NULL, bare], ...place } : { ...bare, ...place };
}

function plainSchema(schema: ConnectSchema): JsonSchema {
  const [type, connect] = TYPES[schema.type];
  return {
    type,
    ...(schema.name === undefined ? {} : { title: schema.name }),
    ...(schema.doc === undefined ? {} : { description: schema.doc }),
    ...(schema.items ? { items: jsonSchema(schema.items) } : {}),
    ...(schema.type === 'struct' ? { properties: properties(schema.fields ?? []) } : {}),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(connect ? { 'connect.type': connect } : {}),
    ...(schema.version === undefined ? {} : { 'connect.version': schema.version }),
    ...(schema.parameters ? { 'connect.parameters': schema.parameters } : {}),
  };
}

const properties = (fields: readonly ConnectSchema[]): JsonSchema =>
  Object.fromEntries(fields.map((one, index) => [one.field ?? '', jsonSchema(one, index)]));
