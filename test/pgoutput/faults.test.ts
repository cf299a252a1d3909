import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pg2anyError } from '../../src/model/error.ts';
import { type DecodeContext, decode } from '../../src/pgoutput/decode.ts';
import { sample } from '../support/pgoutput-arbitrary.ts';
import { bytes, encode, i16, i32, type Part, text, time, tuple, u8, u32, u64 } from '../support/pgoutput-encoder.ts';

const PLAIN: DecodeContext = { inStream: false };

function failure(message: Uint8Array, context: DecodeContext = PLAIN): Pg2anyError {
  const buffer = Buffer.from(message);
  try {
    decode(buffer, 0, buffer.length, context);
  } catch (error) {
    if (error instanceof Pg2anyError) return error;
    throw error;
  }
  throw new Error('decoded without an error');
}

const fails = (...parts: readonly Part[]): string => {
  const error = failure(bytes(...parts));
  return `${error.code}: ${error.message}`;
};

const relationStart = bytes('R', u32(1), text('s'), text('t'));

describe('decode: bytes that the protocol does not define', () => {
  it.each([
    ['an empty message', [], 'PROTOCOL: message without tag, byte 0 of 0: 1 bytes are needed, 0 are left'],
    ['an unknown tag', ['Z'], "PROTOCOL: message 'Z', byte 0 of 1: unknown message 'Z'"],
    ['an unprintable tag', [u8(7)], "PROTOCOL: message '\\x07', byte 0 of 1: unknown message '\\x07'"],
    [
      'an unknown column format',
      ['I', u32(1), 'N', i16(1), 'x'],
      "PROTOCOL: message 'I', byte 8 of 9: unknown column format ('x')",
    ],
    [
      'a binary column',
      ['I', u32(1), 'N', i16(1), 'b', i32(1), 'x'],
      "PROTOCOL: message 'I', byte 8 of 14: a column in binary format, which was not asked for ('b')",
    ],
    [
      'a negative number of columns',
      ['I', u32(1), 'N', i16(-1)],
      "PROTOCOL: message 'I', byte 6 of 8: negative length -1",
    ],
    [
      'a negative value length',
      ['I', u32(1), 'N', i16(1), 't', i32(-5)],
      "PROTOCOL: message 'I', byte 9 of 13: negative length -5",
    ],
    [
      'a value longer than the message',
      ['I', u32(1), 'N', i16(1), 't', i32(2 ** 31 - 1), 'x'],
      "PROTOCOL: message 'I', byte 13 of 14: 2147483647 bytes are needed, 1 are left",
    ],
    [
      'an insert without new row',
      ['I', u32(1), 'K', i16(0)],
      "PROTOCOL: message 'I', byte 5 of 8: 'N' expected, not 'K'",
    ],
    [
      'an update with an unknown old row',
      ['U', u32(1), 'X', i16(0)],
      "PROTOCOL: message 'U', byte 5 of 8: 'K' or 'O' expected, not 'X'",
    ],
    [
      'a delete with a new row',
      ['D', u32(1), 'N', i16(0)],
      "PROTOCOL: message 'D', byte 5 of 8: 'K' or 'O' expected, not 'N'",
    ],
    [
      'an unknown replica identity',
      [relationStart, 'x', i16(0)],
      "PROTOCOL: message 'R', byte 9 of 12: unknown replica identity 'x'",
    ],
    [
      'unknown column flags',
      [relationStart, 'd', i16(1), u8(2)],
      "PROTOCOL: message 'R', byte 12 of 13: unknown flags 2",
    ],
    ['a name without its end', ['Y', u32(1), 'abc'], "PROTOCOL: message 'Y', byte 5 of 8: text without its end"],
    ['a negative number of tables', ['T', i32(-1), u8(0)], "PROTOCOL: message 'T', byte 1 of 6: negative length -1"],
    ['unknown truncate options', ['T', i32(0), u8(4)], "PROTOCOL: message 'T', byte 5 of 6: unknown flags 4"],
    [
      'a negative content length',
      ['M', u8(1), u64(1n), text('p'), i32(-1)],
      "PROTOCOL: message 'M', byte 12 of 16: negative length -1",
    ],
    ['unknown message flags', ['M', u8(2)], "PROTOCOL: message 'M', byte 1 of 2: unknown flags 2"],
    ['commit flags', ['C', u8(1)], "PROTOCOL: message 'C', byte 1 of 2: unknown flags 1"],
    ['rollback prepared flags', ['r', u8(1)], "PROTOCOL: message 'r', byte 1 of 2: unknown flags 1"],
    [
      'a segment mark that is neither 0 nor 1',
      ['S', u32(1), u8(2)],
      "PROTOCOL: message 'S', byte 5 of 6: 0 or 1 expected, not 2",
    ],
    ['bytes after the end', ['E', u8(0)], "PROTOCOL: message 'E', byte 1 of 2: 1 bytes too many"],
  ] satisfies [string, Part[], string][])('names byte and message of %s', (_, parts, expected) => {
    expect(fails(...parts)).toBe(expected);
  });

  it('does not read a name beyond the message, even where the buffer goes on', () => {
    const message = bytes('Y', u32(1), 'abc');
    const buffer = bytes(message, text('def'), text('ghi'));
    expect(() => decode(buffer, 0, message.length, PLAIN)).toThrow(/byte 5 of 8: text without its end/);
  });

  it('does not read a value beyond the message, even where the buffer goes on', () => {
    const message = bytes('I', u32(1), 'N', i16(1), 't', i32(4), 'abc');
    expect(() => decode(bytes(message, 'defghi'), 0, message.length, PLAIN)).toThrow(/4 bytes are needed, 3 are left/);
  });

  it.each([
    [-1, 2],
    [0, 99],
    [3, 2],
  ])('refuses bounds %i–%i that lie outside of the buffer', (start, end) => {
    expect(() => decode(Buffer.from('abcde'), start, end, PLAIN)).toThrow(Pg2anyError);
  });
});

describe('decode: text that is not UTF-8', () => {
  const bad: readonly [string, Buffer][] = [
    ['a lone continuation byte', Buffer.of(0x80)],
    ['a cut sequence', Buffer.of(0x61, 0xe2, 0x82)],
    ['an overlong form', Buffer.of(0xc0, 0xaf)],
    ['a surrogate', Buffer.of(0xed, 0xa0, 0x80)],
    ['a code point beyond U+10FFFF', Buffer.of(0xf4, 0x90, 0x80, 0x80)],
    ['Latin-1', Buffer.from('Größe', 'latin1')],
    ['an invalid byte beside a real replacement character', bytes(Buffer.from('\uFFFD', 'utf8'), u8(0xff))],
    ['an invalid byte in a long value', bytes('x'.repeat(9000), u8(0xff))],
  ];

  it.each(bad)('refuses %s in a value, never guesses', (_, raw) => {
    const good = ['t', i32(1), 'a'];
    const message = bytes('I', u32(1), 'N', i16(3), ...good, 't', i32(raw.length), raw, ...good);
    const error = failure(message);
    expect(error.code).toBe('SOURCE_ENCODING');
    expect(error.message).toBe(
      `message 'I', byte 19 of ${message.length}: ${raw.length} bytes of text are not valid UTF-8`,
    );
  });

  it.each(bad)('refuses %s in a name', (_, raw) => {
    const error = failure(bytes('Y', u32(1), text('s'), raw, u8(0)));
    expect(error.code).toBe('SOURCE_ENCODING');
    expect(error.message).toMatch(/^message 'Y', byte 7 of /);
  });

  it('does not accept a character that is split over two columns', () => {
    const error = failure(bytes('I', u32(1), 'N', i16(2), 't', i32(1), u8(0xc3), 't', i32(1), u8(0xa9)));
    expect(error.code).toBe('SOURCE_ENCODING');
  });
});

/** Decodes, or fails in one of the two ways that bytes can be wrong. Anything else escapes and fails the test. */
function survives(message: Buffer, context: DecodeContext): 'decoded' | 'refused' {
  try {
    decode(message, 0, message.length, context);
    return 'decoded';
  } catch (error) {
    if (error instanceof Pg2anyError && (error.code === 'PROTOCOL' || error.code === 'SOURCE_ENCODING'))
      return 'refused';
    throw error;
  }
}

describe('decode: damage', () => {
  it('refuses every truncation of every message', () => {
    fc.assert(
      fc.property(sample, ({ message, context }) => {
        const encoded = encode(message);
        const cuts = encoded.length > 300 ? [0, 1, encoded.length >> 1, encoded.length - 1] : encoded.keys();
        for (const length of cuts) expect(failure(encoded.subarray(0, length), context).code).toBe('PROTOCOL');
      }),
      { numRuns: 300 },
    );
  });

  it('refuses every message with bytes added', () => {
    fc.assert(
      fc.property(sample, fc.uint8Array({ minLength: 1, maxLength: 9 }), ({ message, context }, more) => {
        expect(failure(bytes(encode(message), more), context).code).toBe('PROTOCOL');
      }),
    );
  });

  it('decodes or refuses a message with flipped bits, in no other way', () => {
    const flip = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 }));
    fc.assert(
      fc.property(sample, fc.array(flip, { minLength: 1, maxLength: 8 }), ({ message, context }, flips) => {
        const encoded = encode(message);
        for (const [at, bit] of flips) {
          const index = at % encoded.length;
          encoded.writeUInt8(encoded.readUInt8(index) ^ (1 << bit), index);
        }
        expect(['decoded', 'refused']).toContain(survives(encoded, context));
      }),
      { numRuns: 2000 },
    );
  });

  it('decodes or refuses arbitrary bytes, in no other way', () => {
    const tags = fc.constantFrom(...'BCORYIUDTMSEcAbPpKr');
    const context = fc.record({ inStream: fc.boolean(), parallelStreaming: fc.boolean() });
    fc.assert(
      fc.property(tags, fc.uint8Array({ maxLength: 80 }), context, (tag, rest, where) => {
        expect(['decoded', 'refused']).toContain(survives(bytes(tag, rest), where));
      }),
      { numRuns: 3000 },
    );
  });

  it('counts a claimed number of columns or tables against the bytes that are there', () => {
    expect(fails('I', u32(1), 'N', i16(32767))).toMatch(/^PROTOCOL.* 1 bytes are needed, 0 are left$/);
    expect(fails('T', i32(2 ** 31 - 1), u8(0))).toMatch(/^PROTOCOL.* 4 bytes are needed, 0 are left$/);
    expect(fails('R', u32(1), text('s'), text('t'), 'd', i16(32767))).toMatch(/^PROTOCOL/);
  });

  it('reads an update inside of a stream block wrongly placed as an error or another message, never as a crash', () => {
    const update = bytes('U', u32(700), u32(16384), 'N', tuple(['1']));
    expect(survives(update, PLAIN)).toBe('refused');
    expect(survives(bytes('B', u64(1n), time(0), u32(1)), { inStream: true })).toBe('decoded');
  });
});
