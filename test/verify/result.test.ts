import { expect, it } from 'vitest';
import { columnDifferences, keyOf, shorten } from '../../src/verify/result.ts';
import { relation } from './world.ts';

it('shortens a long value and tells its length', () => {
  expect(shorten('x'.repeat(60))).toBe('x'.repeat(60));
  expect(shorten('x'.repeat(5000))).toBe(`${'x'.repeat(60)}… (5000 characters)`);
  expect(shorten(null)).toBeNull();
});

it('never cuts a character in half', () => {
  expect(shorten(`${'x'.repeat(59)}😀😀`)).toBe(`${'x'.repeat(59)}… (63 characters)`);
});

it('shows long values around the place where they differ', () => {
  const [a, b] = [`${'x'.repeat(500)}left`, `${'x'.repeat(500)}right`];
  const [found] = columnDifferences(relation('key'), ['1', a, null], ['1', b, null]);
  expect(found).toEqual({ column: 'name', source: `…${'x'.repeat(20)}left`, destination: `…${'x'.repeat(20)}right` });
});

it('names a row by its key, or by every column where there is none', () => {
  expect(keyOf(relation('key'), ['1', 'a', null])).toEqual({ id: '1' });
  expect(keyOf(relation('row'), ['1', 'a', null])).toEqual({ id: '1', name: 'a', note: null });
});
