import { f64, i32, i64, longBytes, u8, u16, u32, u64 } from './bytes.ts';
import { guidBytes } from './guid.ts';
import type { Value } from './received.ts';
import { COLLATION } from './tokens.ts';

/** A column of an answer. `nvarchar` and `varbinary` hold up to 8,000 bytes. */
export interface Column {
  readonly name: string;
  readonly type: CellType;
}

interface Codec {
  /** TYPE_INFO. [MS-TDS] 2.2.5.6 */
  readonly info: Buffer;
  readonly write: (value: Exclude<Value, null>) => Buffer;
  readonly none: Buffer;
}

const MAX = 0xffff;
const SHORT = 8000;
const SHORT_NONE = u16(0xffff);
const LONG_NONE = Buffer.alloc(8, 0xff);

/** Types with a length byte before every value: INTN, BITN, FLTN, GUID. */
const sized = (id: number, size: number, write: Codec['write']): Codec => ({
  info: Buffer.of(id, size),
  write: (value) => Buffer.concat([u8(size), write(value)]),
  none: u8(0),
});

function short(bytes: Buffer): Buffer {
  if (bytes.length > SHORT) throw new Error(`${bytes.length} bytes do not fit a column of ${SHORT}: declare it (max)`);
  return longBytes(bytes);
}

/** One chunk of a partially length-prefixed value. [MS-TDS] 2.2.5.2.3 */
const long = (bytes: Buffer): Buffer =>
  Buffer.concat([u64(BigInt(bytes.length)), ...(bytes.length ? [u32(bytes.length), bytes] : []), u32(0)]);

const text = (value: Value): Buffer => Buffer.from(String(value), 'utf16le');

function binary(value: Value): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new Error(`a binary column takes a Buffer, not ${typeof value}`);
}

const info = (id: number, size: number, rest = Buffer.alloc(0)): Buffer => Buffer.concat([u8(id), u16(size), rest]);
const i16 = (value: number): Buffer => u16(value & 0xffff);

const CODECS = {
  tinyint: sized(0x26, 1, (value) => u8(Number(value))),
  smallint: sized(0x26, 2, (value) => i16(Number(value))),
  int: sized(0x26, 4, (value) => i32(Number(value))),
  bigint: sized(0x26, 8, (value) => i64(BigInt(value as bigint))),
  bit: sized(0x68, 1, (value) => u8(value ? 1 : 0)),
  float: sized(0x6d, 8, (value) => f64(Number(value))),
  uniqueidentifier: sized(0x24, 16, (value) => guidBytes(String(value))),
  nvarchar: { info: info(0xe7, SHORT, COLLATION), write: (value) => short(text(value)), none: SHORT_NONE },
  'nvarchar(max)': { info: info(0xe7, MAX, COLLATION), write: (value) => long(text(value)), none: LONG_NONE },
  varbinary: { info: info(0xa5, SHORT), write: (value) => short(binary(value)), none: SHORT_NONE },
  'varbinary(max)': { info: info(0xa5, MAX), write: (value) => long(binary(value)), none: LONG_NONE },
} as const satisfies Record<string, Codec>;

export type CellType = keyof typeof CODECS;

const NULLABLE = 0x01;

/** COLMETADATA. [MS-TDS] 2.2.7.4 */
export function columnsToken(columns: readonly Column[]): Buffer {
  const each = columns.flatMap(({ name, type }) => [u32(0), u16(NULLABLE), CODECS[type].info, nameOf(name)]);
  return Buffer.concat([u8(0x81), u16(columns.length), ...each]);
}

const nameOf = (name: string): Buffer => Buffer.concat([u8(name.length), text(name)]);

/** ROW. [MS-TDS] 2.2.7.20 */
export function rowToken(columns: readonly Column[], row: readonly Value[]): Buffer {
  if (row.length !== columns.length) throw new Error(`${row.length} values for ${columns.length} columns`);
  const cells = columns.map(({ type }, index) => cell(CODECS[type], row[index] ?? null));
  return Buffer.concat([u8(0xd1), ...cells]);
}

const cell = (codec: Codec, value: Value): Buffer => (value === null ? codec.none : codec.write(value));
