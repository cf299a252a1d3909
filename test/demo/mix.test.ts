import { expect, it } from 'vitest';
import { DEFAULT_MIX, formatMix, nextKind, parseMix } from '../../src/demo/mix.ts';
import { createRandom } from '../../src/demo/random.ts';

it('reads a mix as inserts, updates and deletes', () => {
  expect(parseMix('60/30/10')).toEqual(DEFAULT_MIX);
  expect(formatMix(parseMix(' 5/0/1 '))).toBe('5/0/1');
});

it.each(['', '60/30', '60/30/10/5', '0/0/0', 'a/b/c', '-1/50/51'])('refuses %j as a mix', (text) => {
  expect(() => parseMix(text)).toThrow(/60\/30\/10/);
});

it('asks for the kind that lags behind its share, and never for one without a share', () => {
  expect(nextKind(DEFAULT_MIX, { insert: 0, update: 0, delete: 0 })).toBe('insert');
  expect(nextKind(DEFAULT_MIX, { insert: 6, update: 3, delete: 0 })).toBe('delete');
  expect(nextKind(DEFAULT_MIX, { insert: 6, update: 2, delete: 1 })).toBe('update');
  expect(nextKind({ insert: 0, update: 1, delete: 0 }, { insert: 0, update: 9, delete: 0 })).toBe('update');
});

it('draws the same numbers for the same seed, evenly', () => {
  const numbers = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 10_000 }, () => random.int(10));
  };
  expect(numbers(1)).toEqual(numbers(1));
  expect(numbers(1)).not.toEqual(numbers(2));
  for (let digit = 0; digit < 10; digit++) {
    const share = numbers(1).filter((number) => number === digit).length / 10_000;
    expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
  }
});

it('picks items by weight', () => {
  const random = createRandom(4);
  const items = [{ weight: 3 }, { weight: 0 }, { weight: 1 }];
  const picked = Array.from({ length: 4000 }, () => items.indexOf(random.pick(items)));
  expect(picked).not.toContain(1);
  expect(picked.filter((i) => i === 0).length / 4000).toBeCloseTo(0.75, 1);
  expect(() => random.pick([])).toThrow(RangeError);
});
