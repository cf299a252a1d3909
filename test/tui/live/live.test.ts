import { afterEach, expect, test } from 'vitest';
import { type LiveOptions, runLive, type Summary } from '../../../src/tui/live/index.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';
import { event, FakeFeed, shop, statusAt } from './fixture.ts';

const feeds: FakeFeed[] = [];
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.end();
});

interface Play {
  readonly fake: FakeTerminal;
  readonly feed: FakeFeed;
  readonly done: Promise<Summary>;
}

/** A view whose pipeline streams. */
async function play(fake = new FakeTerminal(), more: Partial<LiveOptions> = {}): Promise<Play> {
  const feed = new FakeFeed();
  feeds.push(feed);
  const done = runLive({ feed, terminal: fake.terminal, title: 'shop → mysql replica/shop', ...more });
  done.catch(() => undefined);
  const now = Date.now();
  const status = statusAt(0, { tables: shop(1000) });
  feed.status({ ...status, at: now, seenAt: now, startedAt: now });
  await fake.until('● streaming');
  return { fake, feed, done };
}

test('the first frame does not wait for any server', async () => {
  const fake = new FakeTerminal();
  const feed = new FakeFeed();
  feeds.push(feed);
  void runLive({ feed, terminal: fake.terminal, title: 'shop → sqlite ./shop.sqlite' });
  expect(await fake.until('pg2any   shop → sqlite ./shop.sqlite')).toContain('● connecting');
});

test('the screen is taken, and given back when the feed ends', async () => {
  const { fake, feed, done } = await play();
  expect([fake.screen.alternate, fake.rawMode]).toEqual([true, true]);
  feed.event(event(0, 'warn', 'lost'));
  feed.end();
  const summary = await done;
  expect(summary).toMatchObject({ warnings: 1, errors: 0, status: { phase: 'streaming' } });
  expect([fake.screen.alternate, fake.screen.cursorShown, fake.rawMode, fake.text]).toEqual([false, true, false, '']);
  expect(feed.watched).toBe(false);
});

test('keys lead through the pages and back', async () => {
  const { fake } = await play();
  fake.press('?');
  await fake.until('┌ Keys');
  fake.press('esc');
  await fake.until('┌ Tables 5');
  fake.press('l');
  await fake.until('┌ Log');
  fake.press('esc');
  await fake.until('┌ Tables 5');
  fake.press('/');
  await fake.until('enter keep the filter');
  fake.press('o', 'r', 'd', 'x', 'backspace', 'enter');
  await fake.until('┌ Tables 1 of 5 /ord');
  fake.press('s');
  await fake.until('sort name');
});

test('keys that come in one read are all obeyed', async () => {
  const { fake } = await play();
  await fake.until('❯ public.legacy');
  fake.press('jjj');
  await fake.until('❯ public.events');
});

test('columns are asked for when a table is opened, once', async () => {
  const { fake, feed } = await play();
  fake.press('enter');
  await fake.until('text    → LONGTEXT');
  fake.press('esc');
  await fake.until('┌ Tables');
  fake.press('enter');
  await fake.until('LONGTEXT');
  expect(feed.asked).toEqual(['columns public.legacy']);
});

test('p pauses, and resumes while it is paused', async () => {
  const { fake, feed } = await play();
  fake.press('p');
  await fake.until(() => feed.asked.includes('pause'));
  feed.status({ ...statusAt(0, { phase: 'paused' }), at: Date.now() });
  await fake.until('p resume');
  fake.press('p');
  await fake.until(() => feed.asked.includes('resume'));
});

test('q asks the feed to stop and shows that it drains', async () => {
  const { fake, feed } = await play();
  fake.press('q');
  await fake.until('▲ draining');
  fake.press('q');
  await fake.until('ctrl-c stop at once');
  expect(feed.asked).toEqual(['stop']);
});

test('Ctrl-C is passed on as often as it is pressed', async () => {
  let interrupts = 0;
  const { fake } = await play(new FakeTerminal(), { interrupt: () => interrupts++ });
  fake.press('ctrl-c');
  await fake.until('▲ draining');
  fake.press('ctrl-c');
  await fake.until(() => interrupts === 2);
});

test.each([
  [200, 60],
  [100, 30],
  [80, 24],
  [60, 20],
])('resized to %i by %i nothing of the old frame is left', async (columns, rows) => {
  for (const [before, high] of [
    [60, 20],
    [200, 60],
  ] as const) {
    const { fake, feed, done } = await play(new FakeTerminal(before, high));
    fake.resize(columns, rows);
    const text = await fake.until(new RegExp(`^┌ Events ─{${columns - 10}}┐$`, 'm'));
    expect(text.split('\n')).toHaveLength(rows - 1);
    expect(text.match(/^ pg2any /gm)).toHaveLength(1);
    expect(text.match(/[┌└]/g)).toHaveLength(4);
    feed.end();
    await done;
  }
});

test('a view that fails gives the terminal back and tells why; its feed does not notice', async () => {
  const { fake, feed, done } = await play();
  feed.status(null as never);
  await expect(done).rejects.toThrow(/null/);
  expect([fake.screen.alternate, fake.rawMode]).toEqual([false, false]);
});
