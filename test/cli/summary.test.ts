import { expect, test } from 'vitest';
import { summaryLines } from '../../src/cli/summary.ts';
import type { LogEvent } from '../../src/model/event.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';
import { plainStyle } from '../../src/tui/theme.ts';

const EMPTY = { ...sample(new Counters(0), null, 100_000), phase: 'stopped' as const };
const status = {
  ...EMPTY,
  lsn: { ...EMPTY.lsn, flushed: '16/B374D848' },
  lag: { seconds: 0, bytes: 0, idle: true },
  totals: { ...EMPTY.totals, rows: 1500, copiedRows: 500, inserts: 1000, updates: 400, deletes: 100, transactions: 30 },
};
const happened = (event: string, severity: LogEvent['severity'], message: string): LogEvent => ({
  at: new Date(2026, 0, 2, 14, 2, 11).getTime(),
  severity,
  event,
  message,
});

test('the summary says where it stopped, what was done, how fast, and what is left', () => {
  expect(summaryLines({ status, events: [], warnings: 0, errors: 0 }, plainStyle, 80)).toEqual([
    '✔ stopped at 16/B374D848 after 1 min 40 s: 500 rows copied, 1,500 changes in 30 transactions',
    '  changes  1,000 inserts, 400 updates, 100 deletes',
    '  speed    20 rows/s on average',
    '  left     nothing of what was received',
  ]);
});

test('what did not arrive is said to be kept by the slot', () => {
  const behind = { ...status, lag: { seconds: 9, bytes: 4_600_000, idle: false } };
  const lines = summaryLines({ status: behind, events: [], warnings: 0, errors: 0 }, plainStyle, 80);
  expect(lines.at(-1)).toBe('  left     4.6 MB of WAL, which the slot keeps');
});

test('of each kind of trouble the last is repeated, with how often it came', () => {
  const events = [
    happened('retry', 'warn', 'refused (attempt 1)'),
    happened('streaming', 'ok', 'streaming'),
    happened('finding', 'warn', 'the first finding'),
    happened('retry', 'warn', 'refused (attempt 2)'),
    happened('finding', 'error', 'another finding'),
  ];
  expect(summaryLines({ status: null, events, warnings: 3, errors: 1 }, plainStyle, 80)).toEqual([
    '  3 warnings, 1 error',
    '  14:02:11 ▲ the first finding',
    '  14:02:11 ▲ refused (attempt 2) (2 times, this was the last)',
    '  14:02:11 ✘ another finding',
  ]);
});

test('a run that failed is not told with a tick', () => {
  const failed = { ...status, phase: 'streaming' as const };
  expect(summaryLines({ status: failed, events: [], warnings: 0, errors: 0 }, plainStyle, 80)[0]).toMatch(/^▲ stopped/);
});

test('a run that never came to anything says just that', () => {
  expect(summaryLines({ status: EMPTY, events: [], warnings: 0, errors: 0 }, plainStyle, 80)).toEqual([
    '✔ stopped after 1 min 40 s: 0 changes in 0 transactions',
  ]);
});
