import { expect, test } from 'vitest';
import { cell, clip, plain, spread, width, wrapped } from '../../src/tui/width.ts';

test.each([
  ['orders', 6],
  ['名前', 4],
  ['e\u0301', 1],
  ['✔ ▲ ✘', 5],
  ['😀', 2],
  ['\x1b[32mok\x1b[39m', 2],
])('%j takes %i columns', (text, columns) => {
  expect(width(text)).toBe(columns);
});

test('what is clipped says so and never exceeds its columns', () => {
  expect(clip('public.orders', 13)).toBe('public.orders');
  expect(clip('public.orders', 8)).toBe('public.…');
  expect(clip('名前名前', 6)).toBe('名前…');
  expect(clip('orders', 2, '...')).toBe('..');
  expect(clip('orders', 0)).toBe('');
});

test('cells are exactly as wide as asked', () => {
  expect(cell('12', 4, 'right')).toBe('  12');
  expect(cell('名前', 5)).toBe('名前 ');
  expect(width(cell('名前名前', 6))).toBe(6);
});

test('the right end of a line gives way to the left one', () => {
  expect(spread('left', 'right', 12)).toBe('left   right');
  expect(spread('left', 'right', 9)).toBe('left');
});

test('names from a server cannot move the cursor', () => {
  expect(plain('a\x1b[2Jb\r\nc\x07')).toBe('ab c');
});

test('long lines break between words, and longer words inside', () => {
  expect(wrapped('retry in 2 s', 8)).toEqual(['retry in', '2 s']);
  expect(wrapped('abcdefgh ij', 5)).toEqual(['abcde', 'fgh', 'ij']);
  expect(wrapped('', 5)).toEqual(['']);
});
