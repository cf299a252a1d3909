import { constants } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { createCopyDecoder } from '../../src/pgoutput/copy-text.ts';
import { decode } from '../../src/pgoutput/decode.ts';
import { bytes, i16, i32, u32 } from '../support/pgoutput-encoder.ts';

/** One byte more than a string can be. The memory is never written to, so the machine does not have to have it. */
const TOO_LONG = constants.MAX_STRING_LENGTH + 1;

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'VALUE_UNREPRESENTABLE', message: expect.stringMatching(message) });

describe('values longer than a string can be', () => {
  it('are refused in the stream with their size and place', () => {
    const head = bytes('I', u32(1), 'N', i16(1), 't', i32(TOO_LONG));
    const message = Buffer.alloc(head.length + TOO_LONG);
    head.copy(message);
    expect(() => decode(message, 0, message.length, { inStream: false })).toThrow(
      refusal(new RegExp(`^message 'I', byte 13 of ${message.length}: a value of ${TOO_LONG} bytes`)),
    );
  });

  it('are refused in a copy with their size and place', () => {
    const chunk = Buffer.alloc(TOO_LONG + 5);
    chunk.write('1\t', 0);
    chunk.write('\t3\n', TOO_LONG + 2);
    expect(() => createCopyDecoder({ table: 'public.t', columns: 3 }).push(chunk)).toThrow(
      refusal(new RegExp(`^copied row 1 of public.t: column 2: ${TOO_LONG} bytes`)),
    );
  });
});
