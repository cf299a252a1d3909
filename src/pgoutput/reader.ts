import { constants, isUtf8 } from 'node:buffer';
import { Pg2anyError } from '../model/error.ts';
import { type Lsn, lsn } from '../model/lsn.ts';
import { timeFromHalves } from './time.ts';

/** Buffer methods that the types leave out: toString without its argument checks. */
interface SliceableBuffer extends Buffer {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}

/** Longest value, in bytes, that is looked at byte by byte; from there on converting it by itself is faster. */
const SHORT = 64;

/** Longest message, in bytes, whose values may be pieces of one string. */
const LONG = 4096;

/**
 * Reads one message in order, never past its end. Throws PROTOCOL where the bytes are not what the protocol says, and
 * SOURCE_ENCODING for text that is not UTF-8. Nothing it returns is a view of the buffer.
 */
export class Reader {
  buffer: SliceableBuffer;
  start = 0;
  end = 0;
  position = 0;
  private pieces: string | null = null;
  private piecesFrom = 0;

  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer as SliceableBuffer;
    this.reset(buffer, start, end);
  }

  /** Begins with another message: decoding is synchronous, so one reader can serve them all. */
  reset(buffer: Buffer, start: number, end: number): this {
    if (start < 0 || end > buffer.length || start > end)
      throw new Pg2anyError('PROTOCOL', `message bounds ${start}–${end} lie outside of ${buffer.length} bytes`);
    this.buffer = buffer as SliceableBuffer;
    this.start = start;
    this.end = end;
    this.position = start;
    this.pieces = null;
    return this;
  }

  u8(): number {
    return this.buffer.readUInt8(this.take(1));
  }

  i16(): number {
    return this.buffer.readInt16BE(this.take(2));
  }

  i32(): number {
    return this.buffer.readInt32BE(this.take(4));
  }

  u32(): number {
    return this.buffer.readUInt32BE(this.take(4));
  }

  lsn(): Lsn {
    return lsn(this.buffer.readBigUInt64BE(this.take(8)));
  }

  /** An i64 of microseconds since 2000-01-01, as milliseconds since the Unix epoch. */
  time(): number {
    const at = this.take(8);
    return timeFromHalves(this.buffer.readInt32BE(at), this.buffer.readUInt32BE(at + 4));
  }

  /** Text that a NUL byte ends. */
  cstring(): string {
    const from = this.position;
    const nul = this.buffer.indexOf(0, from);
    if (nul < 0 || nul >= this.end) this.fail('text without its end', from);
    this.position = nul + 1;
    return this.text(from, nul);
  }

  /** An i16 that counts something. */
  count16(): number {
    const count = this.i16();
    return count < 0 ? this.fail(`negative length ${count}`, this.position - 2) : count;
  }

  /** An i32 that counts something. */
  count32(): number {
    const count = this.i32();
    return count < 0 ? this.fail(`negative length ${count}`, this.position - 4) : count;
  }

  /** The position of the next `length` bytes, which it passes. */
  take(length: number): number {
    const at = this.position;
    if (length > this.end - at) this.fail(`${length} bytes are needed, ${this.end - at} are left`, at);
    this.position = at + length;
    return at;
  }

  /** The bytes in between as text. One string is made for all short values of a message and cut into pieces. */
  text(from: number, to: number): string {
    if (to - from > SHORT || !isPlain(this.buffer, from, to)) return this.utf8(from, to);
    const pieces = this.pieces ?? this.cut(from);
    if (pieces === '') return this.utf8(from, to);
    return pieces.substring(from - this.piecesFrom, to - this.piecesFrom);
  }

  finish(): void {
    if (this.position !== this.end) this.fail(`${this.end - this.position} bytes too many`, this.position);
  }

  fail(problem: string, at: number): never {
    throw new Pg2anyError('PROTOCOL', `${this.place(at)}: ${problem}`);
  }

  /** Pieces keep the whole alive, so a long message is not worth it. */
  private cut(from: number): string {
    this.piecesFrom = from;
    this.pieces = this.end - from > LONG ? '' : this.buffer.latin1Slice(from, this.end);
    return this.pieces;
  }

  private utf8(from: number, to: number): string {
    if (to - from > constants.MAX_STRING_LENGTH) this.tooLong(from, to);
    const value = this.buffer.utf8Slice(from, to);
    // The decoder replaces invalid bytes by U+FFFD, so only text that has one can be wrong.
    if (value.includes('\uFFFD') && !isUtf8(this.buffer.subarray(from, to))) this.badText(from, to);
    return value;
  }

  private badText(from: number, to: number): never {
    throw new Pg2anyError('SOURCE_ENCODING', `${this.place(from)}: ${to - from} bytes of text are not valid UTF-8`);
  }

  private tooLong(from: number, to: number): never {
    const limit = constants.MAX_STRING_LENGTH;
    throw new Pg2anyError(
      'VALUE_UNREPRESENTABLE',
      `${this.place(from)}: a value of ${to - from} bytes is longer than the ${limit} that fit into memory`,
      { hint: 'Store values of this size outside of the table, or leave the column out of the publication.' },
    );
  }

  private place(at: number): string {
    const tag = this.start < this.end ? `'${printable(this.buffer.readUInt8(this.start))}'` : 'without tag';
    return `message ${tag}, byte ${at - this.start} of ${this.end - this.start}`;
  }
}

/** Whether all bytes are ASCII. */
function isPlain(buffer: Buffer, from: number, to: number): boolean {
  let bits = 0;
  for (let at = from; at < to; at += 1) bits |= buffer[at] as number;
  return bits < 0x80;
}

/** A tag byte for people. */
export const printable = (byte: number): string =>
  byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
