import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { lz4Frame } from '../../../../src/destination/kafka/transport/lz4.ts';

const other = createRequire(import.meta.url)('lz4js') as { decompress(frame: Uint8Array): Uint8Array };

/** Another implementation reads it back, byte by byte. */
function expectSame(bytes: Buffer): void {
  expect(Buffer.from(other.decompress(lz4Frame(bytes))).equals(bytes)).toBe(true);
}

/** How near to the end of the only block its last match begins; null without one. */
function lastMatch(bytes: Buffer): number | null {
  const frame = lz4Frame(bytes);
  const end = 11 + frame.readUInt32LE(7);
  const length = (start: number, nibble: number): readonly [number, number] => {
    let [at, sum] = [start, nibble];
    if (nibble === 15) for (let more = 255; more === 255; sum += more) more = frame[at++] as number;
    return [at, sum];
  };
  let [written, last] = [0, null as number | null];
  for (let at = 11; at < end; ) {
    const token = frame[at] as number;
    const [literals, count] = length(at + 1, token >> 4);
    at = literals + count;
    written += count;
    if (at >= end) break;
    last = written;
    const [next, match] = length(at + 2, token & 15);
    [at, written] = [next, written + match + 4];
  }
  expect(written).toBe(bytes.length);
  return last === null ? null : bytes.length - last;
}

it('is read back as it was, whatever it is and however large', () => {
  const letters = fc.array(fc.integer({ min: 97, max: 100 }), { maxLength: 400 }).map((codes) => Buffer.from(codes));
  fc.assert(
    fc.property(
      fc.oneof(
        letters,
        fc.uint8Array({ maxLength: 400 }).map((one) => Buffer.from(one)),
      ),
      expectSame,
    ),
  );
  for (const size of [65_535, 65_536, 65_537, 200_000]) {
    expectSame(Buffer.alloc(size, 'abcdefgh'));
    expectSame(Buffer.from(Array.from({ length: size }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 13) & 0xff)));
  }
});

it('ends blocks as strict readers demand: no match begins within the last twelve bytes', () => {
  for (let size = 13; size < 60; size++) {
    const last = lastMatch(Buffer.from('abcd'.repeat(4) + 'x'.repeat(size) + 'abcdabcdabcdabcd'.slice(0, size % 16)));
    expect(last).toBeGreaterThanOrEqual(12);
  }
});

it('makes text smaller, and what cannot be made smaller hardly larger', () => {
  expect(lz4Frame(Buffer.alloc(100_000, 'pg2any ')).length).toBeLessThan(2000);
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (Math.imul(at + 1, 0x9e3779b1) >>> 11) & 0xff));
  expect(lz4Frame(noise).length).toBeLessThanOrEqual(100_000 + 19);
});
