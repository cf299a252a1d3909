import type { ForSchemaOptions, Schema, Type } from 'avsc';
import type { ConnectSchema } from '../encoding/schema.ts';
import { wideLong } from './avro-long.ts';
import { avroSchema } from './avro-schema.ts';

export type Avsc = typeof import('avsc');

/** The type of a schema, compiled. Its longs take bigints. Throws TABLE_UNSUITABLE. */
export function avroType(avsc: Avsc, schema: ConnectSchema): Type {
  const long = wideLong(avsc.types.LongType);
  const isLong = (one: unknown): boolean =>
    one === 'long' || (typeof one === 'object' && one !== null && 'type' in one && one.type === 'long');
  const typeHook: ForSchemaOptions['typeHook'] = (one) => (isLong(one) ? long : undefined);
  return avsc.Type.forSchema(avroSchema(schema) as Schema, { typeHook, wrapUnions: false });
}
