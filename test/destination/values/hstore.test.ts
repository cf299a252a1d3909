import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueProblem } from '../../../src/destination/problem.ts';
import { hstoreToJson } from '../../../src/destination/values/hstore.ts';

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`;
const anyText = fc.string({ unit: 'grapheme' });

describe('an hstore', () => {
  it('keeps every key, value and NULL', () => {
    const pairs = fc.uniqueArray(fc.tuple(anyText, fc.option(anyText)), { selector: ([key]) => key });
    fc.assert(
      fc.property(pairs, (given) => {
        const text = given
          .map(([key, value]) => `${quoted(key)}=>${value === null ? 'NULL' : quoted(value)}`)
          .join(', ');
        expect(new Map(Object.entries(JSON.parse(hstoreToJson(text))))).toEqual(new Map(given));
      }),
    );
  });

  it('without pairs is an empty object', () => {
    expect(hstoreToJson('')).toBe('{}');
  });

  it('may hold a value of any length', () => {
    const long = 'x'.repeat(20_000_000);
    expect(hstoreToJson(`"a"=>"${long}", "b"=>NULL`) === `{"a": "${long}", "b": null}`).toBe(true);
  });

  it.each(['"a"=>"b", ', '"a"', '"a"=>"b" "c"=>"d"', '"a"=>', 'a=>b', '"a"=>"b","c"=>"d"', '"a"=>"b', '"a"=>NULLx'])(
    'malformed like %j is refused',
    (bad) => {
      expect(() => hstoreToJson(bad)).toThrow(ValueProblem);
    },
  );
});
