import { expect, test } from 'vitest';
import type { Status } from '../../../src/status/status.ts';
import { headerLines } from '../../../src/tui/live/header.ts';
import { noticeLines } from '../../../src/tui/live/notice.ts';
import { reduce } from '../../../src/tui/live/reducer.ts';
import type { LiveState } from '../../../src/tui/live/state.ts';
import { plainStyle, styleFor } from '../../../src/tui/theme.ts';
import { width } from '../../../src/tui/width.ts';
import { START, shop, stateOf, statusAt, table } from './fixture.ts';

const told = (more: Partial<Status> = {}, ms = 2000): LiveState =>
  reduce(stateOf(), { type: 'status', status: statusAt(ms, { tables: shop(ms), ...more }) });
const header = (state: LiveState, columns = 100): string => headerLines(state, plainStyle, columns).join('\n');

test('before anything is known nothing is claimed', () => {
  const text = header(stateOf());
  expect(text).toContain('● connecting');
  expect(text).not.toContain('lag');
});

test('an idle source has no lag and says so; a busy one shows time and bytes', () => {
  expect(header(told({ lag: { seconds: 0, bytes: 0, idle: true } }))).toContain('lag 0 s · idle');
  expect(header(told())).toContain('lag 0.4 s · 1.2 MB');
  expect(header(told({ lag: { seconds: null, bytes: null, idle: false } }))).toContain('lag unknown yet');
});

test('a figure that is not fresh is dimmed and shows its age', () => {
  const later = reduce(told({ lag: { seconds: 0, bytes: 0, idle: true } }), { type: 'tick', now: START + 2000 + 7000 });
  const silent = { ...later, status: later.status && { ...later.status, at: START + 9000 } };
  expect(header(silent)).toContain('lag 0 s · idle (7.0 s old)');
  expect(header(silent, 140)).toContain('18 MB retained (7.0 s old)');
  expect(headerLines(silent, styleFor({ FORCE_COLOR: '1' }, true), 140)[1]).toContain(
    '\x1b[2mlag 0 s · idle (7.0 s old)\x1b[22m',
  );
});

test('a pipeline that says nothing any more is not shown as streaming', () => {
  const text = header(reduce(told(), { type: 'tick', now: START + 14_000 }));
  expect(text).toContain('no news for 12 s');
  expect(text).not.toContain('● streaming');
});

test.each([
  [{ phase: 'paused' }, '▲ paused'],
  [{ phase: 'retrying' }, '▲ retrying'],
  [{ phase: 'snapshot' }, '● copying'],
  [{ slotStatus: { active: true, walStatus: 'unreserved', safeBytes: 5_000_000 } }, 'slot pg2any_shop unreserved'],
  [{ slotStatus: { active: false, walStatus: 'reserved', safeBytes: null } }, 'slot pg2any_shop not in use'],
  [{ slotStatus: null }, 'slot pg2any_shop missing'],
] as const)('%j is told as %s', (more, shown) => {
  expect(header(told(more), 120)).toContain(shown);
});

test('how far the copy is counts every table, also those that outgrew their estimate', () => {
  const tables = [
    table('a', { state: 'streaming', copiedRows: 200, estimatedRows: 100 }),
    table('b', { state: 'copying', copiedRows: 100, estimatedRows: 300 }),
    table('c', { state: 'waiting', estimatedRows: 500 }),
  ];
  expect(header(told({ phase: 'snapshot', tables }))).toContain('copied 1 of 3 tables · 30 %');
});

test('while it waits for the next attempt, it says what happened, what it does and what to do', () => {
  const lastError = { code: 'SOURCE_UNREACHABLE', message: 'connection refused', hint: 'Check the host.', at: START };
  expect(noticeLines(told({ phase: 'retrying', lastError }), plainStyle, 100)).toEqual([
    '▲ connection refused',
    '  Retries with growing pauses, from the checkpoint. Check the host.',
  ]);
  expect(noticeLines(told({ lastError }), plainStyle, 100)).toEqual([]);
});

test('the header never exceeds its columns, and keeps phase and lag to the last', () => {
  for (let columns = 30; columns <= 220; columns++) {
    const lines = headerLines(told(), plainStyle, columns);
    expect(lines.filter((line) => width(line) > columns)).toEqual([]);
    expect(lines[0]).toContain('streaming');
    expect(lines[1]).toContain('lag 0.4 s');
  }
});
