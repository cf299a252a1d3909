import { type Row, UNCHANGED, type Value } from '../model/value.ts';
import { printable, type Reader } from './reader.ts';

/**
 * TupleData: i16 count, then per column `n` (NULL), `u` (unchanged TOAST) or `t`, i32 length, text.
 * https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html#PROTOCOL-LOGICALREP-MESSAGE-FORMATS-TUPLEDATA
 */
export function tuple(reader: Reader): Row {
  const count = reader.count16();
  const row = new Array<Value>(count);
  for (let column = 0; column < count; column += 1) row[column] = value(reader);
  return row;
}

function value(reader: Reader): Value {
  const kind = reader.u8();
  if (kind === TEXT) return text(reader);
  if (kind === NULL) return null;
  if (kind === UNCHANGED_TOAST) return UNCHANGED;
  return unknown(reader, kind);
}

function text(reader: Reader): string {
  const length = reader.count32();
  const from = reader.take(length);
  return reader.text(from, from + length);
}

function unknown(reader: Reader, kind: number): never {
  const what = kind === BINARY ? 'a column in binary format, which was not asked for' : 'unknown column format';
  return reader.fail(`${what} ('${printable(kind)}')`, reader.position - 1);
}

const NULL = 0x6e; // n
const UNCHANGED_TOAST = 0x75; // u
const TEXT = 0x74; // t
const BINARY = 0x62; // b
