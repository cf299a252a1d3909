import { describe, expect, it } from 'vitest';
import { Inbox } from '../../src/source/inbox.ts';
import { apart, together } from '../support/messages.ts';

const never = new AbortController().signal;
const chunk = (...texts: string[]) => together(texts.map((text) => Buffer.from(text)));
const next = async (inbox: Inbox) => apart((await inbox.take(never)) ?? []).map(String);

describe('Inbox', () => {
  it('gives messages in the order they came, and counts their bytes', async () => {
    const inbox = new Inbox();
    inbox.push(chunk('one', ''));
    inbox.push(chunk('three'));
    expect(inbox.bytes).toBe(8);
    expect(await next(inbox)).toEqual(['one', '', 'three']);
    expect(inbox.bytes).toBe(0);
  });

  it('gives a bounded part of much that waits, and all of it in the end', async () => {
    const inbox = new Inbox();
    for (let i = 0; i < 100; i += 1) inbox.push(chunk(`${i}`, 'x'.repeat(100_000)));
    const found: string[] = [];
    while (inbox.bytes > 0) {
      const taken = await next(inbox);
      expect(taken.join('').length).toBeLessThan(500_000);
      found.push(...taken.filter((text) => text.length < 10));
    }
    expect(found).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
  });

  it('does not touch what was taken when more arrives', async () => {
    const inbox = new Inbox();
    inbox.push(chunk('first'));
    const taken = (await inbox.take(never)) ?? [];
    inbox.push(chunk('other'));
    expect(apart(taken).map(String)).toEqual(['first']);
  });

  it('waits for the next message', async () => {
    const inbox = new Inbox();
    const late = next(inbox);
    inbox.push(chunk('late'));
    expect(await late).toEqual(['late']);
  });

  it('gives what came before a failure, then the first failure, again and again', async () => {
    const inbox = new Inbox();
    inbox.push(chunk('last'));
    inbox.fail(new Error('cut'));
    inbox.fail(new Error('and more'));
    expect(await next(inbox)).toEqual(['last']);
    await expect(inbox.take(never)).rejects.toThrow('cut');
    await expect(inbox.take(never)).rejects.toThrow('cut');
  });

  it('wakes a waiting reader with a failure', async () => {
    const inbox = new Inbox();
    const waiting = inbox.take(never);
    inbox.fail(new Error('cut'));
    await expect(waiting).rejects.toThrow('cut');
  });

  it('gives nothing once aborted, before and while waiting', async () => {
    const inbox = new Inbox();
    const stop = new AbortController();
    const waiting = inbox.take(stop.signal);
    stop.abort();
    expect(await waiting).toBeNull();
    inbox.push(chunk('left'));
    expect(await inbox.take(stop.signal)).toBeNull();
  });
});
