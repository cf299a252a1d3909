/** Reads the little-endian fields of TDS one after the other; reading past the end throws. */
export class Cursor {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  private skip(count: number): number {
    const start = this.at;
    this.at += count;
    return start;
  }

  u8(): number {
    return this.bytes.readUInt8(this.skip(1));
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  i32(): number {
    return this.bytes.readInt32LE(this.skip(4));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64LE(this.skip(8));
  }

  take(count: number): Buffer {
    if (count > this.left) throw new RangeError(`${count} bytes wanted at ${this.at}, ${this.left} are left`);
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  ucs2(characters: number): string {
    return this.take(characters * 2).toString('utf16le');
  }

  /** B_VARCHAR: a byte with the number of characters, then UTF-16. [MS-TDS] 2.2.5.2.2 */
  shortText(): string {
    return this.ucs2(this.u8());
  }

  /** US_VARCHAR: the same with two bytes. */
  text(): string {
    return this.ucs2(this.u16());
  }
}

function sized(size: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return bytes;
}

export const u8 = (value: number): Buffer => Buffer.of(value);
export const u16 = (value: number): Buffer => sized(2, (bytes) => bytes.writeUInt16LE(value));
export const u16be = (value: number): Buffer => sized(2, (bytes) => bytes.writeUInt16BE(value));
export const i32 = (value: number): Buffer => sized(4, (bytes) => bytes.writeInt32LE(value));
export const u32 = (value: number): Buffer => sized(4, (bytes) => bytes.writeUInt32LE(value));
export const u32be = (value: number): Buffer => sized(4, (bytes) => bytes.writeUInt32BE(value));
export const i64 = (value: bigint): Buffer => sized(8, (bytes) => bytes.writeBigInt64LE(value));
export const u64 = (value: bigint): Buffer => sized(8, (bytes) => bytes.writeBigUInt64LE(value));
export const f64 = (value: number): Buffer => sized(8, (bytes) => bytes.writeDoubleLE(value));

export const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** B_VARCHAR. */
export const shortText = (text: string): Buffer => Buffer.concat([u8(text.length), ucs2(text)]);
/** US_VARCHAR. */
export const longText = (text: string): Buffer => Buffer.concat([u16(text.length), ucs2(text)]);
/** B_VARBYTE. */
export const shortBytes = (bytes: Buffer): Buffer => Buffer.concat([u8(bytes.length), bytes]);
/** US_VARBYTE. */
export const longBytes = (bytes: Buffer): Buffer => Buffer.concat([u16(bytes.length), bytes]);
