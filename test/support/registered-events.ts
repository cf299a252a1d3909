import avsc from 'avsc';
import type { Meaning } from './connect-values.ts';

/** A schema as a registry has it. */
interface Registered {
  readonly schema: string;
  readonly schemaType?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** A key or value, read with nothing but the schema that its id names. */
export interface Decoded {
  readonly value: Json;
  /** What the schema says of the fields of a row. */
  readonly columns: Readonly<Record<string, Meaning>>;
  readonly schema: Json;
  /** Why the value is not what the schema says; empty where it is. Avro is refused while it is read. */
  readonly problems: readonly string[];
}

/** Reads what has a header, as consumers do: the schema comes from the registry. */
export class RegisteredReader {
  private readonly url: string;
  private readonly schemas = new Map<number, Registered>();

  constructor(url: string) {
    this.url = url;
  }

  async read(bytes: Buffer): Promise<Decoded> {
    if (bytes[0] !== 0) throw new Error(`begins with ${bytes[0]}`);
    const { schema, schemaType } = await this.schema(bytes.readUInt32BE(1));
    const json = JSON.parse(schema) as Json;
    return schemaType === 'JSON' ? readJson(bytes.subarray(5), json) : readAvro(bytes.subarray(5), json);
  }

  private async schema(id: number): Promise<Registered> {
    const known = this.schemas.get(id);
    if (known) return known;
    const response = await fetch(`${this.url}/schemas/ids/${id}`);
    if (!response.ok) throw new Error(`schema ${id}: ${await response.text()}`);
    const found = (await response.json()) as Registered;
    this.schemas.set(id, found);
    return found;
  }
}

const long = avsc.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: () => Buffer.alloc(8),
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: () => 0,
});

function readAvro(bytes: Buffer, schema: Json): Decoded {
  const isLong = (one: unknown): boolean => one === 'long' || (one as { type?: unknown }).type === 'long';
  const typeHook = ((one: unknown) => (isLong(one) ? long : undefined)) as avsc.ForSchemaOptions['typeHook'];
  const type = avsc.Type.forSchema(schema as unknown as avsc.Schema, { typeHook, wrapUnions: false });
  const { value, offset } = type.decode(bytes, 0);
  if (offset !== bytes.length) throw new Error(`${bytes.length - offset} bytes are left`);
  return { value, columns: avroColumns(schema), schema, problems: [] };
}

const present = (type: unknown): unknown => (Array.isArray(type) ? type.find((one) => one !== 'null') : type);

/** Of the record itself, or of the rows in an envelope. Records that were described before are found by name. */
function avroColumns(schema: Json): Readonly<Record<string, Meaning>> {
  const records = new Map<string, Json>();
  collect(schema, records);
  const fields = schema.fields as readonly Json[];
  const row = fields.find(({ name }) => name === 'before');
  const columns = row ? ((present(row.type) as Json).fields as readonly Json[]) : fields;
  return Object.fromEntries(columns.map(({ name, type }) => [String(name), avroMeaning(type, records)]));
}

function collect(type: unknown, records: Map<string, Json>): void {
  if (Array.isArray(type)) for (const one of type) collect(one, records);
  if (typeof type !== 'object' || type === null) return;
  const { name, namespace, fields, type: inner, items } = type as Json;
  if (Array.isArray(fields)) {
    records.set(namespace ? `${namespace}.${name}` : String(name), type as Json);
    for (const { type: one } of fields as readonly Json[]) collect(one, records);
  } else for (const one of [inner, items]) collect(one, records);
}

function avroMeaning(type: unknown, records: ReadonlyMap<string, Json>): Meaning {
  const one = present(type);
  const found = typeof one === 'string' ? (records.get(one) ?? { type: one }) : (one as Json);
  return {
    type: String(found.type),
    name: found['connect.name'] as string | undefined,
    parameters: found['connect.parameters'] as Readonly<Record<string, string>> | undefined,
    items: found.items === undefined ? undefined : avroMeaning(found.items, records),
  };
}

function readJson(bytes: Buffer, schema: Json): Decoded {
  // numbers that a double does not hold
  const text = bytes.toString().replaceAll(/([[,:])(-?\d{16,})(?=[\],}])/g, '$1"$2"');
  const parsed = JSON.parse(text) as Json;
  const problems: string[] = [];
  validate(parsed, schema, '', problems);
  const properties = schema.properties as Readonly<Record<string, Json>>;
  const row = properties.before
    ? (jsonPresent(properties.before).properties as Readonly<Record<string, Json>>)
    : properties;
  const columns = Object.fromEntries(Object.entries(row).map(([name, one]) => [name, jsonMeaning(one)]));
  return { value: connectValue(parsed, schema) as Json, columns, schema, problems };
}

const jsonPresent = (schema: Json): Json =>
  ((schema.oneOf as readonly Json[] | undefined)?.find(({ type }) => type !== 'null') ?? schema) as Json;

function jsonMeaning(schema: Json): Meaning {
  const one = jsonPresent(schema);
  return {
    type: one['connect.type'] === 'float32' ? 'float' : String(one['connect.type'] ?? one.type),
    name: one.title as string | undefined,
    parameters: one['connect.parameters'] as Readonly<Record<string, string>> | undefined,
    items: one.items ? jsonMeaning(one.items as Json) : undefined,
  };
}

/** With bytes as Buffers and 64-bit integers as bigints. */
function connectValue(value: unknown, schema: Json): unknown {
  if (value === null) return null;
  const one = jsonPresent(schema);
  if (one['connect.type'] === 'bytes') return Buffer.from(String(value), 'base64');
  if (one['connect.type'] === 'int64') return BigInt(value as string);
  if (Array.isArray(value)) return value.map((item) => connectValue(item, one.items as Json));
  if (typeof value !== 'object') return value;
  const properties = one.properties as Readonly<Record<string, Json>>;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, connectValue(part, properties[name] ?? {})]),
  );
}

/** As much of JSON Schema as Kafka Connect's converter uses. */
function validate(value: unknown, schema: Json, at: string, problems: string[]): void {
  const { oneOf, type, properties, items } = schema;
  if (Array.isArray(oneOf)) {
    const fitting = oneOf.filter((one) => {
      const inner: string[] = [];
      validate(value, one, at, inner);
      return inner.length === 0;
    });
    if (fitting.length !== 1) problems.push(`${at} fits ${fitting.length} of ${oneOf.length} schemas`);
    return;
  }
  if (!isOf(value, String(type), schema)) problems.push(`${at} is ${JSON.stringify(value)}, not ${type}`);
  else if (type === 'array') for (const one of value as unknown[]) validate(one, items as Json, `${at}[]`, problems);
  else if (type === 'object')
    for (const [name, one] of Object.entries(properties as Readonly<Record<string, Json>>))
      validate((value as Json)[name], one, `${at}.${name}`, problems);
}

function isOf(value: unknown, type: string, schema: Json): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer')
    return Number.isInteger(value) || (schema['connect.type'] === 'int64' && /^-?\d{16,}$/.test(String(value)));
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? typeof value === 'object' && value !== null : typeof value === type;
}
