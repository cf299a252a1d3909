import type { Cursor } from './bytes.ts';
import type { Value } from './received.ts';
import type { SqlType, TypeReader } from './sql-type.ts';

const MAX = 0xffff;
const NO_VALUE = 0xffff;
const NO_LONG_VALUE = 0xffff_ffff_ffff_ffffn;
const UNKNOWN_LENGTH = 0xffff_ffff_ffff_fffen;

/** A partially length-prefixed value: its length, if known, then chunks up to an empty one. [MS-TDS] 2.2.5.2.3 */
function chunks(cursor: Cursor): Buffer | null {
  const length = cursor.u64();
  if (length === NO_LONG_VALUE) return null;
  const parts: Buffer[] = [];
  for (let size = cursor.u32(); size > 0; size = cursor.u32()) parts.push(cursor.take(size));
  const value = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  if (length !== UNKNOWN_LENGTH && BigInt(value.length) !== length) {
    throw new Error(`a value of ${length} bytes came with ${value.length}`);
  }
  return value;
}

function short(cursor: Cursor): Buffer | null {
  const size = cursor.u16();
  return size === NO_VALUE ? null : cursor.take(size);
}

const wide = (bytes: Buffer): Value => bytes.toString('utf16le');
const binary = (bytes: Buffer): Value => bytes;

/** The collation's UTF8 flag chooses; the other code pages are read as Latin 1. [MS-TDS] 2.2.5.1.2 */
function narrow(collation: Buffer): (bytes: Buffer) => Value {
  const utf8 = (collation.readUInt32LE() & (1 << 26)) !== 0;
  return (bytes) => bytes.toString(utf8 ? 'utf8' : 'latin1');
}

function stringType(name: string, size: number, width: number, decode: (bytes: Buffer) => Value): SqlType {
  const bytes = size === MAX ? chunks : short;
  const text = `${name}(${size === MAX ? 'max' : size / width})`;
  const read = (cursor: Cursor): Value => {
    const value = bytes(cursor);
    return value === null ? null : decode(value);
  };
  return { text, read };
}

const binaries = (name: string): TypeReader => {
  return (cursor) => stringType(name, cursor.u16(), 1, binary);
};

const narrows = (name: string): TypeReader => {
  return (cursor) => stringType(name, cursor.u16(), 1, narrow(cursor.take(5)));
};

const wides = (name: string): TypeReader => {
  return (cursor) => {
    const size = cursor.u16();
    cursor.take(5);
    return stringType(name, size, 2, wide);
  };
};

/** Texts and bytes, by type byte. [MS-TDS] 2.2.5.4.3 */
export const STRING_TYPES: readonly (readonly [number, TypeReader])[] = [
  [0xa5, binaries('varbinary')],
  [0xad, binaries('binary')],
  [0xa7, narrows('varchar')],
  [0xaf, narrows('char')],
  [0xe7, wides('nvarchar')],
  [0xef, wides('nchar')],
];
