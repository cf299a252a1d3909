import { describe, expect, it } from 'vitest';
import { Inbox } from '../../src/source/inbox.ts';

const never = new AbortController().signal;
const texts = (arena: { buffer: Buffer; ends: readonly number[] } | null) =>
  arena?.ends.map((end, index) => arena.buffer.toString('latin1', arena.ends[index - 1] ?? 0, end));

describe('Inbox', () => {
  it('gives messages in the order they came, and counts their bytes', async () => {
    const inbox = new Inbox();
    for (const text of ['one', '', 'three']) inbox.push(Buffer.from(text));
    expect(inbox.bytes).toBe(8);
    const arena = await inbox.take(never);
    expect(texts(arena)).toEqual(['one', '', 'three']);
    expect(arena?.bytes).toBe(8);
    expect(inbox.bytes).toBe(0);
  });

  it('keeps a copy: the driver reuses its buffer', async () => {
    const inbox = new Inbox();
    const buffer = Buffer.from('mine');
    inbox.push(buffer);
    buffer.fill('x');
    expect(texts(await inbox.take(never))).toEqual(['mine']);
  });

  it('takes a message larger than an arena whole, between its neighbours', async () => {
    const inbox = new Inbox();
    const large = 'x'.repeat(1_000_000);
    for (const text of ['a', large, 'b']) inbox.push(Buffer.from(text));
    const found = [...(texts(await inbox.take(never)) ?? []), ...(texts(await inbox.take(never)) ?? [])];
    expect([...found, ...(texts(await inbox.take(never)) ?? [])]).toEqual(['a', large, 'b']);
    expect(inbox.bytes).toBe(0);
  });

  it('does not touch what was taken when more arrives', async () => {
    const inbox = new Inbox();
    inbox.push(Buffer.from('first'));
    const taken = await inbox.take(never);
    inbox.push(Buffer.from('other'));
    expect(texts(taken)).toEqual(['first']);
  });

  it('waits for the next message', async () => {
    const inbox = new Inbox();
    const next = inbox.take(never);
    inbox.push(Buffer.from('late'));
    expect(texts(await next)).toEqual(['late']);
  });

  it('gives what came before a failure, then the first failure, again and again', async () => {
    const inbox = new Inbox();
    inbox.push(Buffer.from('last'));
    inbox.fail(new Error('cut'));
    inbox.fail(new Error('and more'));
    expect(texts(await inbox.take(never))).toEqual(['last']);
    await expect(inbox.take(never)).rejects.toThrow('cut');
    await expect(inbox.take(never)).rejects.toThrow('cut');
  });

  it('wakes a waiting reader with a failure', async () => {
    const inbox = new Inbox();
    const next = inbox.take(never);
    inbox.fail(new Error('cut'));
    await expect(next).rejects.toThrow('cut');
  });

  it('gives nothing once aborted, before and while waiting', async () => {
    const inbox = new Inbox();
    const stop = new AbortController();
    const next = inbox.take(stop.signal);
    stop.abort();
    expect(await next).toBeNull();
    inbox.push(Buffer.from('left'));
    expect(await inbox.take(stop.signal)).toBeNull();
  });
});
