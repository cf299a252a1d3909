import { expect, test } from 'vitest';
import { copyLine, endLine, jsonView, plainView, streamLine } from '../../src/cli/headless.ts';
import type { Io } from '../../src/cli/io.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';
import type { Status } from '../../src/status/status.ts';
import { about, bytes, count, plural, seconds } from '../../src/tui/format.ts';
import { styleFor } from '../../src/tui/theme.ts';

const status: Status = { ...sample(new Counters(0), null, 8_054_000), phase: 'streaming' };

const TABLE = {
  name: 'public.events',
  copiedBytes: 0,
  rowsPerSecond: 0,
  inserts: 0,
  updates: 0,
  deletes: 0,
  lastChange: null,
  lastError: null,
};

function recorder() {
  const lines: string[] = [];
  const style = styleFor({}, false);
  const io: Io = {
    out: (text) => void lines.push(`out ${text}`),
    err: (text) => void lines.push(`err ${text}`),
    screen: () => undefined,
    progress: (text) => void lines.push(`progress ${text}`),
    replacesLines: true,
    style: { out: style, err: style },
    width: 80,
    interactive: false,
    protect: () => undefined,
  };
  return { io, lines };
}

test('the copy shows what is done, and for each table under way its share and the time left', () => {
  const tables = [
    { ...TABLE, state: 'streaming' as const, copiedRows: 10, estimatedRows: 10, etaSeconds: null },
    { ...TABLE, state: 'copying' as const, copiedRows: 2_100_000, estimatedRows: 3_100_000, etaSeconds: 72 },
    { ...TABLE, name: 'public.new', state: 'copying' as const, copiedRows: 812, estimatedRows: null, etaSeconds: null },
    { ...TABLE, state: 'waiting' as const, copiedRows: 0, estimatedRows: 5, etaSeconds: null },
  ];
  const line = copyLine({
    ...status,
    tables,
    rowsPerSecond: 41_000,
    totals: { ...status.totals, copiedRows: 2_100_822 },
  });
  expect(line).toBe(
    'copying 1 of 4 tables done  2,100,822 rows  41,000 rows/s  public.events 67 % of 3.1M, 1 min 12 s left  public.new 812 rows',
  );
});

test('a table that outgrew its estimate never shows 100 % before it is done', () => {
  const table = { ...TABLE, state: 'copying' as const, copiedRows: 30, estimatedRows: 10, etaSeconds: 0 };
  expect(copyLine({ ...status, tables: [table] })).toContain('public.events 99 % of 10');
});

test('the stream shows lag, speed, retained WAL and retries', () => {
  const line = streamLine({
    ...status,
    lag: { seconds: 0.4, bytes: 1_200_000, idle: false },
    rowsPerSecond: 12_400,
    transactionsPerSecond: 310,
    retainedBytes: 18_000_000,
    totals: { ...status.totals, rows: 1_204_331 },
    retries: 1,
  });
  expect(line).toBe(
    'streaming  lag 0.4 s (1.2 MB)  12,400 rows/s  310 tx/s  1,204,331 changes  18 MB retained  1 retry',
  );
  expect(streamLine({ ...status, lag: { seconds: null, bytes: null, idle: true } })).toContain('lag unknown');
});

test('the end says where and how much', () => {
  const totals = { ...status.totals, rows: 1, transactions: 1, copiedRows: 520 };
  expect(endLine({ ...status, totals, lsn: { ...status.lsn, flushed: '16/B374D848' } })).toBe(
    'stopped at 16/B374D848 after 2 h 14 min: 520 rows copied, 1 change in 1 transaction',
  );
});

test('plain lines go to stderr, JSON lines to stdout', () => {
  const { io, lines } = recorder();
  const event = { at: 0, severity: 'warn', event: 'retry', message: 'lost; trying again' } as const;
  plainView(io).event(event);
  jsonView(io).event(event);
  expect(lines[0]).toMatch(/^err \d\d:\d\d:\d\d ▲ lost; trying again$/);
  expect(lines[1]).toBe(`out ${JSON.stringify({ type: 'event', ...event })}`);
});

test.each([
  [bytes, 0, '0 B'],
  [bytes, 999, '999 B'],
  [bytes, 999.6, '1.0 kB'],
  [bytes, 1_234_567, '1.2 MB'],
  [bytes, 18_000_000, '18 MB'],
  [bytes, 999_600_000, '1.0 GB'],
  [about, 999, '999'],
  [about, 999.7, '1.0k'],
  [about, 50_000, '50k'],
  [about, 3_100_000, '3.1M'],
  [count, 1_204_331, '1,204,331'],
  [seconds, 0, '0.0 s'],
  [seconds, 9.97, '10 s'],
  [seconds, 59.6, '1 min 00 s'],
  [seconds, 185, '3 min 05 s'],
  [seconds, 8054, '2 h 14 min'],
  [seconds, 273_600, '3 d 4 h'],
])('%o of %d is %s', (format, value, expected) => {
  expect(format(value)).toBe(expected);
});

test('one is not many', () => {
  expect([plural(0, 'row'), plural(1, 'row'), plural(1000, 'row')]).toEqual(['0 rows', '1 row', '1,000 rows']);
});
