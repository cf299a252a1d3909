import type { types } from 'avsc';

/** The longest a 64-bit integer can be. https://avro.apache.org/docs/1.11.1/specification/#primitive-types-1 */
const MOST_BYTES = 10;

const TOP = 1n << 63n;

const isLong = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' ? value >= -TOP && value < TOP : Number.isSafeInteger(value);

/** Zigzag, then seven bits a byte, the lowest first. */
export function packLong(value: number | bigint): Buffer {
  const bytes = Buffer.allocUnsafe(MOST_BYTES);
  let at = 0;
  let rest: number;
  if (typeof value === 'number' && value >= -0x4000_0000 && value < 0x4000_0000)
    rest = ((value << 1) ^ (value >> 31)) >>> 0;
  else {
    const wide = BigInt(value);
    let zigzag = wide >= 0n ? wide << 1n : (-wide << 1n) - 1n;
    for (; zigzag > 0x0fff_ffffn; zigzag >>= 28n) {
      let low = Number(zigzag & 0x0fff_ffffn);
      for (let group = 0; group < 4; group++, low >>>= 7) bytes[at++] = (low & 0x7f) | 0x80;
    }
    rest = Number(zigzag);
  }
  for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return bytes.subarray(0, at);
}

export function unpackLong(bytes: Uint8Array): bigint {
  let zigzag = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) zigzag = (zigzag << 7n) | BigInt((bytes[at] ?? 0) & 0x7f);
  return (zigzag & 1n) === 1n ? -(zigzag >> 1n) - 1n : zigzag >> 1n;
}

/** avsc's own longs end at 2^53: these are numbers or bigints when written, and bigints when read. */
export const wideLong = (Long: typeof types.LongType): types.LongType =>
  Long.__with(
    {
      toBuffer: packLong,
      fromBuffer: unpackLong,
      fromJSON: BigInt,
      toJSON: Number,
      isValid: isLong,
      compare: (a: number | bigint, b: number | bigint) => (a < b ? -1 : Number(a > b)),
    },
    true,
  );
