import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalNumeric, fitNumeric } from '../../../src/destination/values/numeric.ts';
import { declaredNumeric, plainNumeric } from '../../../src/destination/values/typmod.ts';
import { problemOf } from '../../support/problem.ts';

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
const numeric = fc
  .tuple(fc.constantFrom('', '-'), digits(1, 40), digits(0, 40))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction && `.${fraction}`}`);
const shape = fc
  .tuple(fc.integer({ min: 1, max: 65 }), fc.integer({ min: 0, max: 30 }))
  .map(([precision, scale]) => ({ precision, scale: Math.min(precision, scale) }));

describe('a numeric that fits', () => {
  it('is sent with an equal value and no more digits than the column has', () => {
    fc.assert(
      fc.property(numeric, shape, (text, column) => {
        const problem = problemOf(() => fitNumeric(text, column));
        const [whole = '', fraction = ''] = canonicalNumeric(text).replace('-', '').split('.');
        const needed = whole === '0' ? 0 : whole.length;
        if (needed > column.precision - column.scale) expect(problem).toBe('NUMERIC_OVERFLOW');
        else if (fraction.length > column.scale) expect(problem).toBe('NUMERIC_SCALE');
        else {
          const sent = fitNumeric(text, column);
          expect(canonicalNumeric(sent)).toBe(canonicalNumeric(text));
          expect((sent.split('.')[1] ?? '').length).toBeLessThanOrEqual(column.scale);
        }
      }),
    );
  });
});

describe('a numeric that does not fit', () => {
  const column = { precision: 5, scale: 2 };
  it.each([
    ['NaN', 'NUMERIC_NAN'],
    ['Infinity', 'NUMERIC_INFINITY'],
    ['-Infinity', 'NUMERIC_INFINITY'],
    ['1000', 'NUMERIC_OVERFLOW'],
    ['-1000.5', 'NUMERIC_OVERFLOW'],
    ['1.001', 'NUMERIC_SCALE'],
    ['', 'MALFORMED'],
    ['x', 'MALFORMED'],
  ])('%j is refused as %s', (text, problem) => {
    expect(problemOf(() => fitNumeric(text, column))).toBe(problem);
  });

  it('needs no digit before the point for a zero', () => {
    expect(fitNumeric('0.00123', { precision: 5, scale: 5 })).toBe('0.00123');
  });
});

describe('the canonical text of a numeric', () => {
  it.each([
    ['1.10', '1.1'],
    ['0', '0'],
    ['-0.00', '0'],
    ['007', '7'],
    ['-10.500', '-10.5'],
    ['100', '100'],
    ['0.0010', '0.001'],
    ['NaN', 'NaN'],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalNumeric(text)).toBe(canonical);
  });
});

describe('a declared numeric', () => {
  const typmod = (precision: number, scale: number) => ((precision << 16) | (scale & 0x7ff)) + 4;
  it('gives back precision and scale, negative ones too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: -1000, max: 1000 }), (precision, scale) => {
        expect(declaredNumeric(typmod(precision, scale))).toEqual({ precision, scale });
      }),
    );
    expect(declaredNumeric(-1)).toBeNull();
  });

  it.each([
    [3, -2, 5, 0],
    [3, 5, 5, 5],
    [10, 2, 10, 2],
  ])('numeric(%i,%i) is held by decimal(%i,%i)', (precision, scale, p, s) => {
    expect(plainNumeric({ precision, scale })).toEqual({ precision: p, scale: s });
  });
});
