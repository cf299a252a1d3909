import { Pg2anyError } from '../../model/error.ts';
import { relationName } from '../../model/relation.ts';
import { type PackedRow, type Row, type Rows, UNCHANGED, type Value } from '../../model/value.ts';
import type { ColumnCodec, Target } from '../contract.ts';
import { keyOf, unrepresentable } from '../refusal.ts';

/** What stands around the values of a column. */
export interface Field {
  readonly codec: ColumnCodec;
  /** In front of a value; what divides it from the one before it included. */
  readonly lead: Buffer;
  readonly trail: Buffer;
  /** In place of lead, value and trail for NULL. */
  readonly none: Buffer;
}

/** How a row is written. */
export interface Form {
  readonly fields: readonly Field[];
  /** After each row. */
  readonly end: Buffer;
  /** Whether none of these bytes has to be escaped. */
  clean(bytes: Uint8Array, from: number, to: number): boolean;
  escape(text: string): string;
}

/** Characters up to which writing one by one is faster than a call out of JavaScript. */
const SHORT = 48;

/**
 * Rows written straight into bytes, because every string in between would be garbage to collect. Whoever extends it
 * makes room and says when a row's bytes are whole.
 */
export abstract class RowBytes {
  protected buffer = Buffer.alloc(0);
  protected at = 0;
  private readonly target: Target;
  private readonly form: Form;
  /** Of the packed row in hand. */
  private readonly bounds: Int32Array;

  constructor(target: Target, form: Form) {
    this.target = target;
    this.form = form;
    this.bounds = new Int32Array(2 * target.columns.length);
  }

  /** Bytes written since they were last taken. */
  abstract get size(): number;

  /** Afterwards `buffer` takes so many bytes more at `at`. */
  protected abstract room(bytes: number): void;

  /** Returns the bytes of the row. Throws VALUE_UNREPRESENTABLE; nothing may be taken then. */
  add(row: Row): number {
    const before = this.size;
    const { fields, end } = this.form;
    let column = 0;
    try {
      for (; column < fields.length; column++) this.field(fields[column] as Field, row[column]);
    } catch (error) {
      throw unrepresentable(this.target, column, keyOf(this.target.relation, row), error);
    }
    this.bytes(end);
    return this.size - before;
  }

  /** As `add`, without making text of the values that go nearly as they came. */
  addPacked(row: PackedRow): number {
    const before = this.size;
    const { fields, end } = this.form;
    const { bounds } = this;
    row.bounds(bounds);
    let column = 0;
    try {
      for (; column < fields.length; column++)
        this.packed(
          fields[column] as Field,
          row.buffer,
          bounds[2 * column] as number,
          bounds[2 * column + 1] as number,
        );
    } catch (error) {
      throw unrepresentable(this.target, column, keyOf(this.target.relation, unpacked(row.buffer, bounds)), error);
    }
    this.bytes(end);
    return this.size - before;
  }

  private field(field: Field, value: Value | undefined): void {
    if (value === null) this.bytes(field.none);
    else if (value === undefined || value === UNCHANGED)
      throw new Pg2anyError('INTERNAL', `${relationName(this.target.relation)}: a row without a value for a column`);
    else this.value(field, value);
  }

  private packed(field: Field, bytes: Uint8Array, from: number, to: number): void {
    if (from < 0) {
      this.bytes(field.none);
      return;
    }
    const { codec, lead, trail } = field;
    this.room(lead.length + to - from + trail.length);
    const { buffer } = this;
    const at = put(lead, buffer, this.at);
    const end = codec.transcribe ? codec.transcribe(bytes, from, to, buffer, at) : -1;
    if (end >= 0 && (codec.plain || this.form.clean(buffer, at, end))) this.at = put(trail, buffer, end);
    else this.value(field, latin1(bytes, from, to));
  }

  private value({ codec, lead, trail }: Field, pgText: string): void {
    const text = codec.encode(pgText);
    this.bytes(lead);
    if (text.length > SHORT || !this.short(text)) this.any(codec.plain ? text : this.form.escape(text));
    this.bytes(trail);
  }

  private bytes(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.at = put(bytes, this.buffer, this.at);
  }

  /** False, with nothing written, for text that has more than printable ASCII, or what has to be escaped. */
  private short(text: string): boolean {
    this.room(text.length);
    const { buffer, at } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e) return false;
      buffer[at + i] = code;
    }
    const end = at + text.length;
    if (!this.form.clean(buffer, at, end)) return false;
    this.at = end;
    return true;
  }

  private any(text: string): void {
    // 3 bytes of UTF-8 at most for a unit of UTF-16
    this.room(text.length <= LONG_TEXT ? text.length * 3 : Buffer.byteLength(text));
    this.at += this.buffer.write(text, this.at);
  }
}

/** Writes the rows, one at a time; gives the bytes of each. */
export function* written(into: RowBytes, rows: Rows): Generator<number> {
  if (!rows.packed) for (const row of rows) yield into.add(row);
  else
    for (let at = 0; at < rows.length; at++) {
      const packed = rows.packed(at);
      yield packed ? into.addPacked(packed) : into.add(rows.at(at) ?? []);
    }
}

/** Characters from which on the exact number of bytes is worth counting. */
const LONG_TEXT = 80 * 1024;

function put(bytes: Uint8Array, into: Uint8Array, at: number): number {
  for (let index = 0; index < bytes.length; index++) into[at + index] = bytes[index] as number;
  return at + bytes.length;
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
