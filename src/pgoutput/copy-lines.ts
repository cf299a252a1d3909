import { isUtf8 } from 'node:buffer';
import { Pg2anyError } from '../model/error.ts';
import type { PackedRow, Row, Rows } from '../model/value.ts';
import { unescapeCopy } from './copy-escape.ts';

export type Fields = (string | null)[];

/** What is copied. */
export interface CopyShape {
  /** For messages. */
  readonly table: string;
  readonly columns: number;
}

export type Code = 'PROTOCOL' | 'SOURCE_ENCODING' | 'VALUE_UNREPRESENTABLE';

const TAB = 0x09;
const BACKSLASH = 0x5c;
const LETTER_N = 0x4e;

/** Where lines of COPY text stand in a buffer. */
export interface LineBounds {
  readonly buffer: Buffer;
  /** Start of each line, and of the one that would follow the last. */
  readonly starts: Int32Array;
}

/**
 * Lines of COPY text as rows, each made when it is asked for: until then they are bytes, which cost the garbage
 * collector nothing. Asking throws Pg2anyError PROTOCOL or SOURCE_ENCODING for a broken line.
 */
export class CopyLines implements Rows, PackedRow {
  readonly buffer: Buffer;
  readonly length: number;
  private readonly starts: Int32Array;
  private readonly shape: CopyShape;
  /** Rows of the table before these. */
  private readonly before: number;
  /** Of the line that was looked at last. */
  private readonly found: Int32Array;

  constructor({ buffer, starts }: LineBounds, shape: CopyShape, before: number) {
    this.buffer = buffer;
    this.starts = starts;
    this.length = Math.max(0, starts.length - 1);
    this.shape = shape;
    this.before = before;
    this.found = new Int32Array(2 * shape.columns);
  }

  at(index: number): Row | undefined {
    return index < this.length ? this.row(index) : undefined;
  }

  slice(from: number, to = this.length): Rows {
    const starts = this.starts.subarray(from, Math.max(from, to) + 1);
    return new CopyLines({ buffer: this.buffer, starts }, this.shape, this.before + from);
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let index = 0; index < this.length; index += 1) yield this.row(index);
  }

  /** Null for a line with escapes or more than ASCII, and for a broken one. */
  packed(index: number): PackedRow | null {
    return this.look(this.starts[index] as number, (this.starts[index + 1] as number) - 1) ? this : null;
  }

  bounds(into: Int32Array): void {
    into.set(this.found);
  }

  private look(start: number, end: number): boolean {
    const { buffer, found } = this;
    let bits = 0;
    let next = 0;
    let from = start;
    for (let at = start; at <= end; at += 1) {
      const byte = at === end ? TAB : (buffer[at] as number);
      bits |= byte;
      if (byte === TAB) {
        if (next === found.length) return false;
        found[next++] = from;
        found[next++] = at;
        from = at + 1;
      } else if (byte === BACKSLASH) {
        const after = at + 2;
        if (at !== from || buffer[at + 1] !== LETTER_N || next === found.length) return false;
        if (after < end && buffer[after] !== TAB) return false;
        found[next++] = -1;
        found[next++] = -1;
        from = after + 1;
        at = after;
      }
    }
    return next === found.length && bits < 0x80;
  }

  private row(index: number): Row {
    const line = this.text(index);
    const fields: Fields = line === '' && this.shape.columns === 0 ? [] : line.split('\t');
    return rowOf(fields, this.shape, this.before + index);
  }

  private text(index: number): string {
    const [start = 0, end = 0] = this.starts.subarray(index, index + 2);
    const text = this.buffer.toString('utf8', start, end - 1);
    // The decoder replaces invalid bytes by U+FFFD, so only text that has one can be wrong.
    if (text.includes('\uFFFD') && !isUtf8(this.buffer.subarray(start, end - 1)))
      throw rowError(this.shape, this.before + index, 'SOURCE_ENCODING', 'text that is not valid UTF-8');
    return text;
  }
}

/** The escaped fields of a line as a row; `before` rows came before it. */
export function rowOf(fields: Fields, shape: CopyShape, before: number): Row {
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index];
    if (field?.includes('\\')) fields[index] = unescaped(field, index, shape, before);
  }
  if (fields.length === shape.columns) return fields;
  throw rowError(shape, before, 'PROTOCOL', `${fields.length} columns, not ${shape.columns}`);
}

export function rowError(shape: CopyShape, before: number, code: Code, problem: string, cause?: unknown): Pg2anyError {
  return new Pg2anyError(
    code,
    `copied row ${before + 1} of ${shape.table}: ${problem}`,
    cause === undefined ? {} : { cause },
  );
}

function unescaped(field: string, index: number, shape: CopyShape, before: number): string | null {
  try {
    return unescapeCopy(field);
  } catch (cause) {
    if (cause instanceof Pg2anyError && (cause.code === 'PROTOCOL' || cause.code === 'SOURCE_ENCODING'))
      throw rowError(shape, before, cause.code, `column ${index + 1}: ${cause.message}`, cause);
    throw cause;
  }
}
