import { expect, test } from 'vitest';
import { cell, clip, clipPainted, plain, spread, width, wrapped } from '../../src/tui/width.ts';

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

test('a coloured line is clipped where it shows, and its colours end', () => {
  const line = '\x1b[32mok\x1b[39m and \x1b[2mmuch more\x1b[22m';
  expect(clipPainted(line, 16)).toBe(line);
  expect(clipPainted(line, 9)).toBe('\x1b[32mok\x1b[39m and \x1b[2m…\x1b[22m'.replace('…', 'm…'));
  expect(clipPainted(line, 2)).toBe('\x1b[32mo…\x1b[39m\x1b[2m\x1b[22m');
  for (let columns = 0; columns < 20; columns++) expect(width(clipPainted(line, columns))).toBe(Math.min(columns, 16));
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
