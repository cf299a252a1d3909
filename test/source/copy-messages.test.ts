import { describe, expect, it } from 'vitest';
import { CopyMessages, type Messages } from '../../src/source/copy-messages.ts';
import { apart } from '../support/messages.ts';
import { bytes, i32 } from '../support/pgoutput-encoder.ts';

const message = (type: string, content: Buffer): Buffer => bytes(type, i32(content.length + 4), content);
const copyData = (text: string): Buffer => message('d', Buffer.from(text));

function reader() {
  const seen: Messages[] = [];
  const others: Buffer[] = [];
  const order: string[] = [];
  const messages = new CopyMessages({
    messages: (some) => {
      seen.push(some);
      order.push(...apart([some]).map(String));
    },
    other: (some) => {
      others.push(some);
      if (order.at(-1) !== 'other') order.push('other');
    },
  });
  return { messages, order, contents: () => apart(seen).map(String), others: () => Buffer.concat(others) };
}

describe('CopyMessages', () => {
  const started = message('W', Buffer.of(0, 0, 0));
  const done = bytes(message('c', Buffer.alloc(0)), message('C', Buffer.from('COPY 0\0')));
  const long = 'x'.repeat(200_000);
  const stream = bytes(started, copyData('one'), copyData(''), copyData(long), copyData('two'), done);

  it('gives contents to the stream and everything else, untouched, to the driver', () => {
    const { messages, contents, others, order } = reader();
    messages.feed(stream);
    expect(contents()).toEqual(['one', '', long, 'two']);
    expect(others()).toEqual(bytes(started, done));
    expect(order).toEqual(['other', 'one', '', long, 'two', 'other']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 11, 64, 65_536])('does not care how the socket cuts them: every %i bytes', (size) => {
    const { messages, contents, others } = reader();
    for (let at = 0; at < stream.length; at += size) messages.feed(stream.subarray(at, at + size));
    expect(contents()).toEqual(['one', '', long, 'two']);
    expect(others()).toEqual(bytes(started, done));
  });

  it('counts the bytes of contents, not of headers', () => {
    const seen: Messages[] = [];
    const messages = new CopyMessages({ messages: (some) => seen.push(some), other: () => undefined });
    messages.feed(bytes(copyData('abc'), copyData('de'), copyData('f').subarray(0, 5)));
    messages.feed(Buffer.from('f'));
    expect(seen.map((some) => some.bytes)).toEqual([5, 1]);
  });

  it.each([-1, 0, 3])('refuses a message of length %i instead of running in circles', (length) => {
    for (const type of ['d', 'E'])
      expect(() => reader().messages.feed(bytes(type, i32(length), 'xxxx'))).toThrow(
        expect.objectContaining({ code: 'PROTOCOL' }),
      );
  });
});
