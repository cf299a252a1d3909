import type { Type } from 'avsc';
import type { Native } from '../encoding/native.ts';
import { HEADER_BYTES, writeHeader } from './wire.ts';

const FIRST_BYTES = 64 * 1024;

/** What a rare large event took is given back. */
const KEPT_BYTES = 4 << 20;

/**
 * Where one key or value after the other is put together: Avro has the fields of a record behind each other, with
 * nothing between, so that parts which stay the same are made once.
 * https://avro.apache.org/docs/1.11.1/specification/#complex-types-1
 */
export class AvroBuffer {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private at = 0;

  /** Forgets what was, and begins with the id of a schema. */
  begin(id: number): this {
    if (this.buffer.length > KEPT_BYTES) this.buffer = Buffer.allocUnsafe(FIRST_BYTES);
    writeHeader(this.buffer, id);
    this.at = HEADER_BYTES;
    return this;
  }

  value(type: Type, value: Native): this {
    // negative: as many bytes were missing
    let end = type.encode(value, this.buffer, this.at);
    if (end < 0) {
      this.grow(-end);
      end = type.encode(value, this.buffer, this.at);
    }
    this.at = end;
    return this;
  }

  /** One that may be null: which of the two it is, then the value. */
  optional(type: Type, value: Native): this {
    return value === null ? this.bytes(NULL) : this.bytes(PRESENT).value(type, value);
  }

  bytes(bytes: Buffer): this {
    if (this.at + bytes.length > this.buffer.length) this.grow(bytes.length);
    bytes.copy(this.buffer, this.at);
    this.at += bytes.length;
    return this;
  }

  /** A copy of what was put together. */
  end(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.at));
  }

  private grow(missing: number): void {
    const larger = Buffer.allocUnsafe((this.buffer.length + missing) * 2);
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/** The places of null and of the other type in a union, as longs. */
const NULL = Buffer.of(0);
const PRESENT = Buffer.of(2);
