/**
 * LZ4 frames as Kafka reads them: independent blocks of at most 64 KiB, no checksums of content.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */

/** Magic number, version 1 with independent blocks, blocks of 64 KiB, and the checksum of these two. */
const HEADER = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
const BLOCK = 65_536;
/** In a block's length: it stands there as it is. */
const UNCOMPRESSED = 0x80000000;

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md#end-of-block-conditions */
const LAST_MATCH = 12;
const LAST_LITERALS = 5;
const MIN_MATCH = 4;

const HASH_BITS = 13;
/** The longer nothing is found, the larger the steps: what cannot be compressed should not cost much. */
const PATIENCE = 6;

export function lz4Frame(bytes: Uint8Array): Buffer {
  const blocks = Math.ceil(bytes.length / BLOCK);
  const frame = Buffer.allocUnsafe(HEADER.length + bytes.length + blocks * (4 + BLOCK / 255 + 16) + 4);
  const seen = new Int32Array(1 << HASH_BITS);
  let at = HEADER.copy(frame);
  for (let from = 0; from < bytes.length; from += BLOCK) {
    const block = bytes.subarray(from, from + BLOCK);
    const size = compressBlock(block, frame.subarray(at + 4), seen);
    const smaller = size < block.length;
    if (!smaller) frame.set(block, at + 4);
    frame.writeUInt32LE(smaller ? size : (UNCOMPRESSED | block.length) >>> 0, at);
    at += 4 + (smaller ? size : block.length);
  }
  frame.writeUInt32LE(0, at);
  return frame.subarray(0, at + 4);
}

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

/** `out` takes what does not shrink either. `seen`: places by the hash of what stands there, plus one. */
function compressBlock(block: Uint8Array, out: Uint8Array, seen: Int32Array): number {
  seen.fill(0);
  let [anchor, at, end, misses] = [0, 0, 0, 1 << PATIENCE];
  while (at <= block.length - LAST_MATCH) {
    const four = word(block, at);
    const hash = Math.imul(four, 0x9e3779b1) >>> (32 - HASH_BITS);
    const found = (seen[hash] as number) - 1;
    seen[hash] = at + 1;
    if (found < 0 || at - found >= BLOCK || word(block, found) !== four) {
      at += misses++ >> PATIENCE;
      continue;
    }
    const length = matchLength(block, found, at);
    end = writeSequence(block, anchor, at, out, end, length - MIN_MATCH);
    end = writeOffset(out, end, at - found);
    end = length - MIN_MATCH >= 15 ? writeLength(out, end, length - MIN_MATCH - 15) : end;
    at += length;
    anchor = at;
    misses = 1 << PATIENCE;
  }
  return writeSequence(block, anchor, block.length, out, end, 0);
}

function matchLength(block: Uint8Array, found: number, at: number): number {
  const most = block.length - LAST_LITERALS - at;
  let length = MIN_MATCH;
  while (length < most && block[found + length] === block[at + length]) length++;
  return length;
}

/** The token and the literals before a match; gives the place behind them. */
function writeSequence(
  block: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  start: number,
  match: number,
): number {
  const literals = to - from;
  out[start] = (Math.min(literals, 15) << 4) | Math.min(match, 15);
  let end = start + 1;
  if (literals >= 15) end = writeLength(out, end, literals - 15);
  if (literals > 32) out.set(block.subarray(from, to), end);
  else for (let i = 0; i < literals; i++) out[end + i] = block[from + i] as number;
  return end + literals;
}

function writeOffset(out: Uint8Array, end: number, offset: number): number {
  out[end] = offset & 0xff;
  out[end + 1] = offset >> 8;
  return end + 2;
}

function writeLength(out: Uint8Array, start: number, length: number): number {
  let end = start;
  let rest = length;
  for (; rest >= 255; rest -= 255) out[end++] = 255;
  out[end++] = rest;
  return end;
}
