import type { PackedRow, Row, Value } from '../model/value.ts';
import { isAscii } from './ascii.ts';

/** Buffer methods that the types leave out: toString without its argument checks. */
interface SliceableBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
}

const NULL = 0x6e; // n
const TEXT = 0x74; // t

/** Longest tuple, in bytes, whose values may be pieces of one string. */
const LONG = 4096;

/** Bytes in front of a value: its kind and its length. */
const HEADER = 5;

/**
 * A tuple that holds nothing but NULLs and ASCII text, still as the bytes it came in. Most rows are of this kind, and
 * as bytes they cost the garbage collector nothing while they wait for the destination. What `isRaw` has looked
 * through is read without further checks.
 * https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html#PROTOCOL-LOGICALREP-MESSAGE-FORMATS-TUPLEDATA
 */
export class RawRow implements PackedRow {
  readonly buffer: Buffer;
  protected start: number;
  protected end: number;

  /** Only of bytes that `isRaw`. */
  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
  }

  decode(): Row {
    const { buffer, start, end } = this;
    const count = buffer.readInt16BE(start);
    const text = (buffer as SliceableBuffer).latin1Slice(start, end);
    const row = new Array<Value>(count);
    let at = start + 2;
    for (let column = 0; column < count; column += 1) {
      if (buffer[at] === NULL) {
        row[column] = null;
        at += 1;
      } else {
        const from = at + HEADER;
        at = from + int32(buffer, at + 1);
        row[column] = text.substring(from - start, at - start);
      }
    }
    return row;
  }

  bounds(into: Int32Array): void {
    const { buffer } = this;
    const count = buffer.readInt16BE(this.start);
    let at = this.start + 2;
    for (let index = 0; index < 2 * count; index += 2) {
      if (buffer[at] === NULL) {
        into[index] = into[index + 1] = -1;
        at += 1;
      } else {
        into[index] = at + HEADER;
        at += HEADER + int32(buffer, at + 1);
        into[index + 1] = at;
      }
    }
  }

  /** The values of some columns. */
  pick(columns: readonly number[]): Row {
    return columns.map((column) => this.value(column));
  }

  private value(column: number): Value {
    const { buffer } = this;
    let at = this.start + 2;
    for (let before = 0; before < column; before += 1) at += buffer[at] === NULL ? 1 : HEADER + int32(buffer, at + 1);
    if (buffer[at] === NULL) return null;
    const from = at + HEADER;
    return (buffer as SliceableBuffer).latin1Slice(from, from + int32(buffer, at + 1));
  }
}

/** As readInt32BE, whose checks cost as much as the rest of looking through a row. */
const int32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

/** Whether one tuple of so many columns takes up all of these bytes, and need not be decoded in full. */
export function isRaw(buffer: Buffer, start: number, end: number, columns: number): boolean {
  if (end - start < 2 || end - start > LONG || buffer.readInt16BE(start) !== columns) return false;
  let at = start + 2;
  // Mostly no byte at all has its highest bit set, lengths included; else each value is looked at.
  const plain = isAscii(buffer, at, end);
  for (let column = 0; column < columns; column += 1) {
    const kind = buffer[at];
    if (kind === TEXT && at + HEADER <= end) {
      const from = at + HEADER;
      const length = int32(buffer, at + 1);
      if (length < 0 || length > end - from) return false;
      at = from + length;
      if (!plain && !isAscii(buffer, from, at)) return false;
    } else if (kind === NULL && at < end) at += 1;
    else return false;
  }
  return at === end;
}
