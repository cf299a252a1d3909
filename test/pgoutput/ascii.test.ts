import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAscii } from '../../src/pgoutput/ascii.ts';

const naive = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

it('sees each byte with its highest bit set, wherever it stands, and none outside of the range', () => {
  const byte = fc.integer({ min: 0, max: 0xff });
  fc.assert(
    fc.property(fc.nat(80), fc.nat(80), fc.nat(7), fc.nat(200), byte, (from, length, offset, at, value) => {
      // a buffer that begins anywhere within its memory, as those from Node's pool do
      const buffer = Buffer.from(new ArrayBuffer(256), offset, 200);
      if (at < 200) buffer[at] = value;
      const end = from + length;
      expect(isAscii(buffer, from, end)).toBe(naive(buffer.subarray(from, end)));
    }),
    { numRuns: 2000 },
  );
});

it('is not fooled by memory that was looked through before', () => {
  const first = Buffer.alloc(64, 0x41);
  const second = Buffer.alloc(64, 0xc3);
  expect([isAscii(first, 0, 64), isAscii(second, 0, 64), isAscii(first, 0, 64)]).toEqual([true, false, true]);
  first[33] = 0x80;
  expect(isAscii(first, 0, 64)).toBe(false);
});
