import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteFloat } from '../../../src/destination/values/float.ts';
import { integerText } from '../../../src/destination/values/integer.ts';
import { byteaHex, hexBytes, isTrue, moneyDecimal, unpadded } from '../../../src/destination/values/scalar.ts';
import { characters, fitsCharacters, limitCharacters } from '../../../src/destination/values/text.ts';
import { declaredBits, declaredLength, secondDigits } from '../../../src/destination/values/typmod.ts';
import { problemOf } from '../../support/problem.ts';

describe('booleans', () => {
  it('are t and f and nothing else', () => {
    expect([isTrue('t'), isTrue('f')]).toEqual([true, false]);
    expect(problemOf(() => isTrue('true'))).toBe('MALFORMED');
  });
});

describe('integers', () => {
  it('are digits with an optional sign', () => {
    fc.assert(
      fc.property(fc.bigInt(), (n) => {
        expect(integerText(`${n}`)).toBe(`${n}`);
      }),
    );
  });

  it.each(['', '-', '1.0', ' 1', '0x1', '1e3', '--1'])('%j is refused', (text) => {
    expect(problemOf(() => integerText(text))).toBe('MALFORMED');
  });
});

describe('money', () => {
  it('loses sign and digits to nobody', () => {
    const cents = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(cents, (amount) => {
        const positive = amount < 0n ? -amount : amount;
        const dollars = (positive / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
        const text = `${amount < 0n ? '-' : ''}$${dollars}.${(positive % 100n).toString().padStart(2, '0')}`;
        expect(BigInt(moneyDecimal(text).replace('.', ''))).toBe(amount);
      }),
    );
  });

  it.each(['1.234,50 €', '$1,23.00', '($5.00)', '5', '$5'])('of another locale, like %s, is refused', (text) => {
    expect(problemOf(() => moneyDecimal(text))).toBe('MALFORMED');
  });
});

describe('bytea', () => {
  it('keeps every byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(new Uint8Array(hexBytes(byteaHex(`\\x${Buffer.from(bytes).toString('hex')}`)))).toEqual(bytes);
      }),
    );
  });

  it.each(['\\000\\377', 'abc', '\\x0', ''])('%j in another output format is refused', (text) => {
    expect(problemOf(() => byteaHex(text))).toBe('MALFORMED');
  });

  it('with a digit that is none is refused', () => {
    expect(problemOf(() => hexBytes('0g'))).toBe('MALFORMED');
  });
});

describe('char(n)', () => {
  it('loses its padding, but no other white space', () => {
    expect([unpadded('ab   '), unpadded('   '), unpadded('a\t '), unpadded(' a'), unpadded('')]).toEqual([
      'ab',
      '',
      'a\t',
      ' a',
      '',
    ]);
  });
});

describe('floating-point numbers', () => {
  it.each(['0', '-0', '1e-45', '-1.6777216e+07', '5e-324'])('%s passes', (text) => {
    expect(problemOf(() => finiteFloat(text))).toBeNull();
  });

  it.each([
    ['NaN', 'FLOAT_NAN'],
    ['Infinity', 'FLOAT_INFINITY'],
    ['-Infinity', 'FLOAT_INFINITY'],
    ['x', 'MALFORMED'],
  ])('%s is refused as %s', (text, problem) => {
    expect(problemOf(() => finiteFloat(text))).toBe(problem);
  });
});

describe('the length of a text', () => {
  it('counts characters as a database does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 12 }), (text, limit) => {
        const count = [...text].length;
        expect(characters(text)).toBe(count);
        expect(fitsCharacters(text, limit)).toBe(count <= limit);
      }),
    );
  });

  it('beyond the limit is refused under the given class', () => {
    expect(limitCharacters('😀😀', 2, 'TEXT_TOO_LONG')).toBe('😀😀');
    expect(problemOf(() => limitCharacters('😀😀😀', 2, 'TEXT_KEY_TOO_LONG'))).toBe('TEXT_KEY_TOO_LONG');
  });
});

describe('type modifiers', () => {
  it('give the declared lengths, and none where there is none', () => {
    expect([declaredLength(9), declaredLength(-1), declaredBits(8), declaredBits(-1)]).toEqual([5, null, 8, null]);
    expect([secondDigits(-1), secondDigits(0), secondDigits(3)]).toEqual([6, 0, 3]);
  });
});
