import type { types } from 'avsc';

/** The longest a 64-bit integer can be. https://avro.apache.org/docs/1.11.1/specification/#primitive-types-1 */
const MOST_BYTES = 10;

const TOP = 1n << 63n;

const isLong = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' ? value >= -TOP && value < TOP : Number.isSafeInteger(value);

/** Doubles hold twice as much exactly. */
const EXACT = 2 ** 52;

/** Zigzag, then seven bits a byte, the lowest first. */
export function packLong(value: number | bigint): Buffer {
  if (typeof value === 'bigint' || value >= EXACT || value <= -EXACT) return packWide(BigInt(value));
  const bytes = Buffer.allocUnsafe(MOST_BYTES);
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  let at = 0;
  // bitwise operators would cut it down to 32 bits
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) + 128;
  bytes[at++] = rest;
  return bytes.subarray(0, at);
}

function packWide(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(MOST_BYTES);
  let rest = value >= 0n ? value << 1n : (-value << 1n) - 1n;
  let at = 0;
  for (; rest > 0x7fn; rest >>= 7n) bytes[at++] = Number(rest & 0x7fn) | 0x80;
  bytes[at++] = Number(rest);
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
