import { Pg2anyError } from '../../model/error.ts';
import { relationName } from '../../model/relation.ts';
import { type PackedRow, type Row, UNCHANGED, type Value } from '../../model/value.ts';
import type { ColumnCodec, Target } from '../contract.ts';
import { keyOf, unrepresentable } from '../refusal.ts';

/** Bytes per write to the socket. */
const PIECE_SIZE = 256 * 1024;

/** Characters up to which writing one by one is faster than a call out of JavaScript. */
const SHORT = 48;

const TAB = 0x09;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;

const SPECIAL = /[\t\n\r\\\0]/;
const ALL_SPECIAL = /[\t\n\r\\\0]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\', '\0': '\\0' };

export const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => ESCAPES[character] ?? character) : text;

/**
 * Rows as lines of a load: fields between tabs, `\N` for NULL. Written straight into the buffers that go to the
 * server, because every string in between would be garbage to collect.
 */
export class Lines {
  private readonly target: Target;
  private pieces: Buffer[] = [];
  /** Bytes in `pieces`. */
  private done = 0;
  private buffer = Buffer.alloc(0);
  private at = 0;

  /** Of the packed row in hand. */
  private readonly bounds: Int32Array;

  constructor(target: Target) {
    this.target = target;
    this.bounds = new Int32Array(2 * target.columns.length);
  }

  /** Bytes written since the last `take`. */
  get size(): number {
    return this.done + this.at;
  }

  /** Returns the bytes of the line. Throws VALUE_UNREPRESENTABLE; nothing may be taken then. */
  add(row: Row): number {
    const before = this.size;
    const { columns } = this.target;
    let column = 0;
    try {
      for (; column < columns.length; column++) {
        this.field(column, row[column]);
        this.room(1);
        this.buffer[this.at++] = TAB;
      }
    } catch (error) {
      throw unrepresentable(this.target, column, keyOf(this.target.relation, row), error);
    }
    if (column === 0) this.room(1);
    this.buffer[column === 0 ? this.at++ : this.at - 1] = NEWLINE;
    return this.size - before;
  }

  /** As `add`, without making text of the values that go as they came. */
  addPacked(row: PackedRow): number {
    const before = this.size;
    const { columns, codecs, relation } = this.target;
    const { bounds } = this;
    row.bounds(bounds);
    let column = 0;
    try {
      for (; column < columns.length; column++) {
        this.packedField(codecs[column], row.buffer, bounds[2 * column] ?? -1, bounds[2 * column + 1] ?? -1);
        this.room(1);
        this.buffer[this.at++] = TAB;
      }
    } catch (error) {
      throw unrepresentable(this.target, column, keyOf(relation, unpacked(row.buffer, bounds)), error);
    }
    this.buffer[this.at - 1] = NEWLINE;
    return this.size - before;
  }

  take(): readonly Buffer[] {
    this.cut();
    const { pieces } = this;
    this.pieces = [];
    this.done = 0;
    return pieces;
  }

  private field(column: number, value: Value | undefined): void {
    if (value === null) {
      this.null();
      return;
    }
    const codec = this.target.codecs[column];
    if (codec === undefined || value === undefined || value === UNCHANGED)
      throw new Pg2anyError(
        'INTERNAL',
        `${relationName(this.target.relation)}: a row without a value for column ${column}`,
      );
    this.text(codec, codec.encode(value));
  }

  private packedField(codec: ColumnCodec | undefined, bytes: Uint8Array, from: number, to: number): void {
    if (from < 0) this.null();
    else if (!codec)
      throw new Pg2anyError('INTERNAL', `${relationName(this.target.relation)}: a row with too many values`);
    else if (!codec.verbatim?.(bytes, from, to) || !this.copied(bytes, from, to))
      this.text(codec, codec.encode(latin1(bytes, from, to)));
  }

  private text(codec: ColumnCodec, text: string): void {
    if (text.length > SHORT || !this.short(text)) this.any(codec.plain ? text : escaped(text));
  }

  /** False, with nothing written, where a byte has to be escaped. */
  private copied(bytes: Uint8Array, from: number, to: number): boolean {
    this.room(to - from);
    const { buffer } = this;
    let at = this.at;
    for (let index = from; index < to; index++) {
      const byte = bytes[index] as number;
      if (byte < 0x20 || byte === BACKSLASH) return false;
      buffer[at++] = byte;
    }
    this.at = at;
    return true;
  }

  private null(): void {
    this.room(2);
    this.buffer[this.at++] = BACKSLASH;
    this.buffer[this.at++] = 0x4e;
  }

  /** False, with nothing written, for text that has more than printable ASCII, or a backslash. */
  private short(text: string): boolean {
    this.room(text.length);
    const { buffer, at } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === BACKSLASH) return false;
      buffer[at + i] = code;
    }
    this.at = at + text.length;
    return true;
  }

  private any(text: string): void {
    // 3 bytes of UTF-8 at most for a unit of UTF-16
    this.room(text.length * 3 <= PIECE_SIZE ? text.length * 3 : Buffer.byteLength(text));
    this.at += this.buffer.write(text, this.at);
  }

  private room(bytes: number): void {
    if (this.buffer.length - this.at >= bytes) return;
    this.cut();
    this.buffer = Buffer.allocUnsafeSlow(Math.max(PIECE_SIZE, bytes));
  }

  private cut(): void {
    if (this.at > 0) this.pieces.push(this.buffer.subarray(0, this.at));
    this.done += this.at;
    this.buffer = this.buffer.subarray(this.at);
    this.at = 0;
  }
}

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  (bytes as SliceableBuffer).latin1Slice(from, to);

/** Buffer methods that the types leave out: toString without its argument checks. */
interface SliceableBuffer extends Uint8Array {
  latin1Slice(start: number, end: number): string;
}

function unpacked(bytes: Uint8Array, bounds: Int32Array): Row {
  const row: Value[] = [];
  for (let index = 0; index < bounds.length; index += 2) {
    const [from = -1, to = -1] = bounds.subarray(index, index + 2);
    row.push(from < 0 ? null : latin1(bytes, from, to));
  }
  return row;
}
