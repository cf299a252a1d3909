import type { Cursor } from './bytes.ts';
import { guidText } from './guid.ts';
import type { Value } from './received.ts';
import { byteSized, fixed, type TypeReader } from './sql-type.ts';

function integer(bytes: Buffer): Value {
  if (bytes.length === 8) return bytes.readBigInt64LE();
  return bytes.length === 1 ? bytes.readUInt8() : bytes.readIntLE(0, bytes.length);
}

const floating = (bytes: Buffer): Value => (bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE());
const bit = (bytes: Buffer): Value => bytes.readUInt8() !== 0;

/** Ten thousandths; of eight bytes the upper four come first. [MS-TDS] 2.2.5.5.1.4 */
function money(bytes: Buffer): Value {
  if (bytes.length === 4) return scaled(BigInt(bytes.readInt32LE()), 4);
  return scaled((BigInt(bytes.readInt32LE()) << 32n) | BigInt(bytes.readUInt32LE(4)), 4);
}

/** The exact text of an integer over a power of ten. */
function scaled(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale ? `.${digits.slice(-scale)}` : ''}`;
}

/** A sign byte, then the digits as one integer. [MS-TDS] 2.2.5.5.1.6 */
function decimal(bytes: Buffer, scale: number): Value {
  const units = BigInt(`0x${Buffer.from(bytes.subarray(1)).reverse().toString('hex')}`);
  return scaled(bytes[0] === 0 ? -units : units, scale);
}

const sizes = (names: Record<number, string>, read: (bytes: Buffer) => Value): TypeReader => {
  return (cursor) => {
    const size = cursor.u8();
    return byteSized(names[size] ?? `a number of ${size} bytes`, read);
  };
};

const decimals = (name: string): TypeReader => {
  return (cursor) => {
    const [, precision, scale] = [cursor.u8(), cursor.u8(), cursor.u8()];
    return byteSized(`${name}(${precision}, ${scale})`, (bytes) => decimal(bytes, scale));
  };
};

const whole = (name: string, size: number, read: (bytes: Buffer) => Value): TypeReader =>
  fixed(name, (cursor: Cursor) => read(cursor.take(size)));

const INTEGERS = { 1: 'tinyint', 2: 'smallint', 4: 'int', 8: 'bigint' };

/** Numbers, bits and unique identifiers, by type byte. [MS-TDS] 2.2.5.4.1–2 */
export const NUMBER_TYPES: readonly (readonly [number, TypeReader])[] = [
  [0x1f, fixed('null', () => null)],
  [0x30, whole('tinyint', 1, integer)],
  [0x34, whole('smallint', 2, integer)],
  [0x38, whole('int', 4, integer)],
  [0x7f, whole('bigint', 8, integer)],
  [0x32, whole('bit', 1, bit)],
  [0x3b, whole('real', 4, floating)],
  [0x3e, whole('float', 8, floating)],
  [0x3c, whole('money', 8, money)],
  [0x7a, whole('smallmoney', 4, money)],
  [0x26, sizes(INTEGERS, integer)],
  [0x68, sizes({ 1: 'bit' }, bit)],
  [0x6d, sizes({ 4: 'real', 8: 'float' }, floating)],
  [0x6e, sizes({ 4: 'smallmoney', 8: 'money' }, money)],
  [0x24, sizes({ 16: 'uniqueidentifier' }, guidText)],
  [0x6a, decimals('decimal')],
  [0x6c, decimals('numeric')],
];
