import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lsn, parseLsn } from '../../src/model/lsn.ts';
import { decodeFrame, statusUpdate } from '../../src/pgoutput/frame.ts';
import { bytes, frame, keepalive, time, u8, u64 } from '../support/pgoutput-encoder.ts';

const NOW = Date.UTC(2026, 6, 1, 12, 0, 0, 250);
const HIGH = parseLsn('F00000FF/FE421E38');
const decode = (content: Buffer) => decodeFrame(content, 0, content.length);

describe('decodeFrame', () => {
  it('reads the header of WAL data and says where the message begins', () => {
    const buffer = bytes('..', 'w', u64(HIGH), u64(7n), time(NOW), 'payload');
    expect(decodeFrame(buffer, 2, buffer.length)).toEqual({
      kind: 'data',
      walStart: HIGH,
      walEnd: 7n,
      sendTime: NOW,
      payload: 27,
    });
  });

  it('reads a keepalive', () => {
    const quiet = { kind: 'keepalive', walEnd: HIGH, sendTime: NOW, replyRequested: false };
    expect(decode(keepalive(HIGH, NOW, false))).toEqual(quiet);
    expect(decode(keepalive(HIGH, NOW, true))).toEqual({ ...quiet, replyRequested: true });
  });

  it('names byte and frame of what it cannot read', () => {
    expect(() => decode(Buffer.alloc(0))).toThrow('byte 0 of 0: 1 bytes are needed');
    expect(() => decode(bytes('x'))).toThrow("unknown frame 'x'");
    expect(() => decode(bytes('w', u64(1n)))).toThrow("message 'w', byte 9 of 9: 8 bytes are needed, 0 are left");
    expect(() => decode(bytes(keepalive(1n, NOW, true), u8(0)))).toThrow('1 bytes too many');
  });

  it('refuses every truncation of both headers', () => {
    for (const whole of [frame(HIGH, NOW, Buffer.alloc(0)), keepalive(HIGH, NOW, true)])
      for (const length of whole.keys())
        expect(() => decode(whole.subarray(0, length))).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });
});

describe('statusUpdate', () => {
  it('writes the 34 bytes of a standby status update', () => {
    const expected = bytes('r', u64(HIGH), u64(2n), u64(1n), time(NOW), u8(1));
    expect(statusUpdate(HIGH, lsn(2n), lsn(1n), NOW, true)).toEqual(expected);
    expect(expected).toHaveLength(34);
  });

  it('asks for an answer only where one is wanted', () => {
    expect(statusUpdate(lsn(3n), lsn(2n), lsn(1n), NOW, false).at(-1)).toBe(0);
  });

  it('sends every position and every clock unchanged', () => {
    const position = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(lsn);
    const clock = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(position, position, position, clock, fc.boolean(), (write, flush, apply, now, ping) => {
        const expected = bytes('r', u64(write), u64(flush), u64(apply), time(now), u8(ping ? 1 : 0));
        expect(statusUpdate(write, flush, apply, now, ping)).toEqual(expected);
      }),
    );
  });
});
