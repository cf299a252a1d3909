import type { Native } from './native.ts';

/**
 * A Kafka Connect schema as its JsonConverter writes it. Where such a schema stands in front of the payload, consumers
 * need no registry.
 */
export interface ConnectSchema {
  readonly type: 'boolean' | 'int16' | 'int32' | 'int64' | 'float' | 'double' | 'string' | 'bytes' | 'array' | 'struct';
  readonly fields?: readonly ConnectSchema[];
  readonly items?: ConnectSchema;
  readonly optional: boolean;
  /** The semantic type. */
  readonly name?: string;
  readonly version?: number;
  readonly doc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly default?: string;
  /** Within a struct. */
  readonly field?: string;
}

/** A semantic type, all of which are in their first version. */
export const named = (
  type: ConnectSchema['type'],
  name: string,
  parameters?: ConnectSchema['parameters'],
): ConnectSchema => ({ type, optional: false, name, version: 1, ...(parameters ? { parameters } : {}) });

export const plain = (type: ConnectSchema['type']): ConnectSchema => ({ type, optional: false });

export const struct = (fields: readonly ConnectSchema[], name: string, optional = false): ConnectSchema => ({
  type: 'struct',
  fields,
  optional,
  name,
});

/** The schema as a field of a struct. */
export const field = (name: string, schema: ConnectSchema, optional = schema.optional): ConnectSchema => ({
  ...schema,
  optional,
  field: name,
});

/** The value that stands for "not known" where null is not allowed. */
export function zeroOf({ type, fields = [] }: ConnectSchema): Native {
  switch (type) {
    case 'boolean':
      return false;
    case 'string':
      return '';
    case 'bytes':
      return Buffer.alloc(0);
    case 'array':
      return [];
    case 'struct':
      return Object.fromEntries(fields.map((one) => [one.field ?? '', one.optional ? null : zeroOf(one)]));
    default:
      return 0;
  }
}
