import type { ForSchemaOptions, Schema, Type } from 'avsc';
import type { Native } from '../native.ts';
import { wideLong } from './avro-long.ts';
import type { AvroSchema } from './avro-schema.ts';
import { HEADER_BYTES, writeHeader } from './wire.ts';

type Avsc = typeof import('avsc');

/** Shared by all encoders: each copies what it wrote before another one begins. */
let scratch = Buffer.allocUnsafe(64 * 1024);

/** What is written is kept up to this size; larger events are rare. */
const KEPT_BYTES = 4 << 20;

/** The type of a schema, compiled. Its longs take bigints. */
export function avroType(avsc: Avsc, schema: AvroSchema): Type {
  const long = wideLong(avsc.types.LongType);
  const isLong = (one: unknown): boolean =>
    one === 'long' || (typeof one === 'object' && one !== null && 'type' in one && one.type === 'long');
  // avsc's types say that a hook always answers
  const typeHook = ((one: unknown) => (isLong(one) ? long : undefined)) as ForSchemaOptions['typeHook'];
  return avsc.Type.forSchema(schema as Schema, { typeHook, wrapUnions: false });
}

/** A value as Avro behind the header with the schema's id. */
export function avroEncoder(type: Type, id: number): (value: Native) => Buffer {
  return (value) => {
    writeHeader(scratch, id);
    const end = type.encode(value, scratch, HEADER_BYTES);
    if (end > 0) return Buffer.from(scratch.subarray(0, end));
    return large(type, id, value, scratch.length - end);
  };
}

/** avsc answers with how many bytes were missing. */
function large(type: Type, id: number, value: Native, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  if (bytes <= KEPT_BYTES) scratch = Buffer.allocUnsafe(bytes * 2);
  writeHeader(buffer, id);
  return buffer.subarray(0, type.encode(value, buffer, HEADER_BYTES));
}
