import { expect, test } from 'vitest';
import { bar } from '../../src/cli/bar.ts';
import { copyBar } from '../../src/cli/copy-bar.ts';
import { VerifyProgress } from '../../src/cli/verify-progress.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';
import { styleFor } from '../../src/tui/theme.ts';

const { symbols } = styleFor({}, false);

test.each([
  [0, '░░░░░░░░░░░░░░░░░░░░   0 %'],
  [0.5, '██████████░░░░░░░░░░  50 %'],
  [0.999, '███████████████████░  99 %'],
  [1, '████████████████████ 100 %'],
  [7, '████████████████████ 100 %'],
  [-1, '░░░░░░░░░░░░░░░░░░░░   0 %'],
])('a share of %d is %s', (share, expected) => {
  expect(bar(share, symbols)).toBe(expected);
});

test('without UTF-8 the bar is made of plain letters', () => {
  expect(bar(0.5, styleFor({ LC_ALL: 'C' }, false).symbols)).toBe('##########..........  50 %');
});

const TABLES = [
  { name: 'public.a', estimatedRows: 900, bytes: 1 },
  { name: 'public.b', estimatedRows: null, bytes: 10_000 },
];

test('verify goes from nothing to all, over both sides of every table, by its expected rows', () => {
  const done = new VerifyProgress(TABLES, 0);
  const share = (table: string, phase: 'source' | 'waiting' | 'destination' | 'confirming', rows: number) =>
    Number(done.share({ table, phase, round: 1, rows }).toFixed(3));
  expect(share('public.a', 'source', 0)).toBe(0);
  expect(share('public.a', 'source', 450)).toBe(0.225);
  expect(share('public.a', 'waiting', 0)).toBe(0.45);
  expect(share('public.a', 'destination', 450)).toBe(0.675);
  expect(share('public.a', 'destination', 5000)).toBe(0.9);
  done.finished('public.a');
  expect(share('public.b', 'source', 0)).toBe(0.9);
  expect(share('public.b', 'confirming', 0)).toBe(1);
});

test('verify tells the time that is left once it can, and never steps back', () => {
  const done = new VerifyProgress(TABLES, 0);
  const at = (phase: 'source' | 'destination', rows: number, now: number) =>
    done.line({ table: 'public.a', phase, round: 1, rows }, symbols, now);
  expect(at('source', 0, 0)).toBe('░░░░░░░░░░░░░░░░░░░░   0 %  public.a: reading the source');
  expect(at('destination', 100, 10_000)).toBe(
    '██████████░░░░░░░░░░  50 %  10 s left  public.a: reading the destination, 100 rows',
  );
  expect(at('source', 0, 20_000)).toContain(' 50 %  20 s left  public.a: reading the source');
});

test('the copy weighs its tables by their expected rows, and tells the time that is left', () => {
  const counters = new Counters(0);
  Object.assign(counters.table('public.done'), { state: 'streaming', copiedRows: 1000, estimatedRows: 900 });
  Object.assign(counters.table('public.half'), { state: 'copying', copiedRows: 1000, estimatedRows: 2000 });
  Object.assign(counters.table('public.later'), { state: 'waiting', estimatedRows: 1000 });
  const status = { ...sample(counters, null, 1), rowsPerSecond: 100 };
  expect(copyBar(status, symbols)).toBe('██████████░░░░░░░░░░  50 %  20 s left  1 of 3 tables  2,000 rows  100 rows/s');
});

test('a table that nobody counted says nothing before it is copied', () => {
  const counters = new Counters(0);
  const table = counters.table('public.new');
  Object.assign(table, { state: 'copying', copiedRows: 1000, estimatedRows: null });
  expect(copyBar(sample(counters, null, 1), symbols)).toContain('  0 %  0 of 1 table  1,000 rows');
  table.state = 'streaming';
  expect(copyBar(sample(counters, null, 1), symbols)).toContain('100 %');
});
