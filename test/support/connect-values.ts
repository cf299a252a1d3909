/** What a registered schema says of one value, in Kafka Connect's words. */
export interface Meaning {
  /** `int32`, `bytes`, `array`, …; of numbers only `float` matters. */
  readonly type: string;
  /** The semantic type. */
  readonly name?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly items?: Meaning | undefined;
}

type Struct = Readonly<Record<string, unknown>>;

const signed = (bytes: Buffer): bigint => BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));

function decimal(bytes: Buffer, scale: number): string {
  const value = signed(bytes);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${value < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
}

/** Microseconds since the epoch as `2018-06-20 15:13:16.945104`. */
function timestamp(micros: bigint): string {
  const seconds = (micros - (((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;
  const iso = new Date(Number(seconds) * 1000).toISOString();
  return `${iso.slice(0, 19).replace('T', ' ')}${fraction(micros - seconds * 1_000_000n)}`;
}

const fraction = (micros: bigint): string => `.${String(micros).padStart(6, '0')}`.replace(/\.?0+$/, '');

const time = (micros: bigint): string =>
  new Date(Number(micros / 1_000_000n) * 1000).toISOString().slice(11, 19) + fraction(micros % 1_000_000n);

/** The shortest text of a number with single precision. */
function single(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === Math.fround(value)) return String(text);
  }
  return String(value);
}

function bits(bytes: Buffer, length: number): string {
  const all = [...bytes].reverse().map((byte) => byte.toString(2).padStart(8, '0'));
  return all.join('').slice(-length);
}

const BY_NAME: Readonly<Record<string, (value: unknown, parameters: Readonly<Record<string, string>>) => string>> = {
  'org.apache.kafka.connect.data.Decimal': (value, { scale }) => decimal(value as Buffer, Number(scale)),
  'io.debezium.data.VariableScaleDecimal': (value) =>
    decimal((value as Struct).value as Buffer, Number((value as Struct).scale)),
  'io.debezium.time.Date': (value) => new Date(Number(value) * 86_400_000).toISOString().slice(0, 10),
  'io.debezium.time.Time': (value) => time(BigInt(value as number) * 1000n),
  'io.debezium.time.MicroTime': (value) => time(BigInt(value as bigint)),
  'io.debezium.time.Timestamp': (value) => timestamp(BigInt(value as bigint) * 1000n),
  'io.debezium.time.MicroTimestamp': (value) => timestamp(BigInt(value as bigint)),
  'io.debezium.time.ZonedTimestamp': (value) => String(value).replace('T', ' ').replace('Z', '+00'),
  'io.debezium.time.ZonedTime': (value) => String(value).replace('Z', '+00'),
  'io.debezium.data.Bits': (value, { length }) =>
    bits(value as Buffer, Math.min(Number(length), (value as Buffer).length * 8)),
  'io.debezium.data.geometry.Point': (value) => `(${(value as Struct).x},${(value as Struct).y})`,
};

/**
 * A value of Kafka Connect as PostgreSQL prints it: what a consumer that knows nothing but the schema makes of it.
 * Bytes are Buffers, 64-bit integers bigints.
 */
export function postgresText(value: unknown, meaning: Meaning): string | null {
  if (value === null) return null;
  const known = BY_NAME[meaning.name ?? ''];
  if (known) return known(value, meaning.parameters ?? {});
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (Array.isArray(value)) {
    const items = value.map((one) => postgresText(one, meaning.items ?? { type: 'string' }) ?? 'NULL');
    return `{${items.join(',')}}`;
  }
  return meaning.type === 'float' && Number.isFinite(value) ? single(Number(value)) : String(value);
}
