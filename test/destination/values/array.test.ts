import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueProblem } from '../../../src/destination/problem.ts';
import { arrayToJson } from '../../../src/destination/values/array.ts';
import type { PgType } from '../../../src/model/relation.ts';
import { pgType } from '../../support/relations.ts';

/** array_out's rules: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function literal(items: readonly unknown[], delimiter = ','): string {
  const parts = items.map((item) => {
    if (Array.isArray(item)) return literal(item, delimiter);
    if (item === null) return 'NULL';
    const text = String(item);
    const bare = text !== '' && !/["\\{}\s]/.test(text) && !text.includes(delimiter) && !/^null$/i.test(text);
    return bare ? text : `"${text.replace(/(["\\])/g, '\\$1')}"`;
  });
  return `{${parts.join(delimiter)}}`;
}

const text = pgType('text');
const nested = fc.letrec<{ list: unknown[] }>((tie) => ({
  list: fc.array(fc.oneof({ maxDepth: 3 }, fc.option(fc.string({ unit: 'grapheme' })), tie('list')), { minLength: 1 }),
})).list;

describe('an array literal', () => {
  it('keeps every text, NULL and level of nesting', () => {
    fc.assert(
      fc.property(nested, (items) => {
        expect(JSON.parse(arrayToJson(literal(items), text))).toEqual(items);
      }),
    );
  });

  it('is told from its elements by the delimiter of the element type', () => {
    const box: PgType = { ...pgType('box'), delimiter: ';' };
    expect(arrayToJson('{(2,2),(0,0);(4,4),(3,3)}', box)).toBe('["(2,2),(0,0)", "(4,4),(3,3)"]');
  });

  it('keeps number tokens as they are, beyond what a JavaScript number holds', () => {
    expect(arrayToJson('{1.10,12345678901234567890.123456789}', pgType('numeric'))).toBe(
      '[1.10, 12345678901234567890.123456789]',
    );
    expect(arrayToJson('{9223372036854775807}', pgType('int8'))).toBe('[9223372036854775807]');
    expect(arrayToJson('{1.6777216e+07,1e-45}', pgType('float4'))).toBe('[1.6777216e+07, 1e-45]');
  });

  it('writes what JSON has no number for as strings', () => {
    expect(arrayToJson('{NaN,Infinity,-Infinity}', pgType('float8'))).toBe('["NaN", "Infinity", "-Infinity"]');
  });

  it('with other lower bounds than 1 becomes one string', () => {
    expect(arrayToJson('[0:2]={7,8,9}', pgType('int4'))).toBe('"[0:2]={7,8,9}"');
  });

  it('tells the text NULL from no value', () => {
    expect(arrayToJson('{NULL,"NULL"}', text)).toBe('[null, "NULL"]');
  });

  it('embeds json elements and trims char(n) ones', () => {
    expect(arrayToJson('{"{\\"a\\": 1}","null"}', pgType('jsonb'))).toBe('[{"a": 1}, null]');
    expect(arrayToJson('{"ab  ",abcd}', pgType('bpchar', 8))).toBe('["ab", "abcd"]');
  });

  it('has elements in the words of their own type', () => {
    expect(arrayToJson('{t,f}', pgType('bool'))).toBe('[true, false]');
    expect(arrayToJson('{"\\\\x00ff"}', pgType('bytea'))).toBe('["00ff"]');
    expect(arrayToJson('{"-$1,234.50"}', pgType('money'))).toBe('["-1234.50"]');
  });

  it.each(['', '{', '{1', '{1,', '{1,}', '{1}x', '{"a', '{"a"b}', '1,2', '{1}}'])(
    'malformed like %j is refused',
    (bad) => {
      expect(() => arrayToJson(bad, text)).toThrow(ValueProblem);
    },
  );
});
