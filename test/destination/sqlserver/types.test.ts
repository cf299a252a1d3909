import { describe, expect, it } from 'vitest';
import { codec } from '../../../src/destination/sqlserver/types.ts';
import { problemOf } from '../../support/problem.ts';
import { column, pgType } from '../../support/relations.ts';
import { isOmitted, keyPairs, keyTypeOf, sameText, sourceText, typeOf, vectors } from '../../support/type-vectors.ts';

const OUTSIDE = { keyBytes: null };
const named = vectors.map((vector) => ({ title: `${vector.id} ${vector.pgType}`, vector, wanted: vector.sqlserver }));

/** Without what every text column says, and in one spelling. */
const bare = (ddl: string): string => ddl.replace(/ COLLATE \w+/, '').replace('float(53)', 'float');

describe('types at SQL Server', () => {
  it.each(named)('declares $title as agreed', ({ vector, wanted }) => {
    const { ddl } = codec({ type: typeOf(vector) }, OUTSIDE);
    // "bpchar" of one character, and labels, are measured in characters of two units
    expect(bare(ddl)).toBe(bare(wanted.type));
    if (/^n(var)?char/.test(ddl)) expect(ddl).toMatch(/ COLLATE Latin1_General_100_BIN2$/);
  });

  const values = named.filter(({ vector, wanted }) => vector.pgText !== null && !wanted.unrepresentable);

  it.each(values)('sends $title so that the same is read back', ({ vector, wanted }) => {
    const type = codec({ type: typeOf(vector) }, OUTSIDE);
    const source = sourceText(vector) ?? '';
    const sent = type.encode(source);
    const expected = wanted.expectedText;
    if (expected === null || expected === undefined) {
      // floats are read as numbers, not as their text
      expect(type.canon(sent)).toBe(type.expect(source));
    } else if (isOmitted(expected)) expect(sameText(expected, sent)).toBe(true);
    else {
      expect(type.canon(sent)).toBe(type.canon(expected));
      expect(type.expect(source)).toBe(type.canon(expected));
    }
    if (type.plain) expect(sent).toMatch(/^[A-Za-z0-9+\-.: _/]*$/);
    if (type.length !== null && type.travel === 'text') expect(sent.length).toBeLessThanOrEqual(type.length);
  });

  it.each(named.filter(({ wanted }) => wanted.unrepresentable))(
    'refuses $title before anything is sent',
    ({ vector, wanted }) => {
      const type = codec({ type: typeOf(vector) }, OUTSIDE);
      expect(problemOf(() => type.encode(sourceText(vector) ?? ''))).toBe(wanted.unrepresentable);
      expect(type.problems).toContain(wanted.unrepresentable);
    },
  );

  it.each(keyPairs.map((pair) => ({ title: `${pair.pgType}: ${pair.note}`, pair })))(
    'keeps two keys apart, or refuses one of them: $title',
    ({ pair }) => {
      const type = codec({ type: keyTypeOf(pair) }, { keyBytes: 1700 });
      const sent = pair.pgText.map((text) => {
        const problem = problemOf(() => type.encode(text));
        return problem === null ? type.encode(text) : problem;
      });
      // what SQL Server compares: without spaces and zero bytes at the end
      const compared = sent.map((text) => text.replace(/ +$|(00)+$/, ''));
      expect(compared[0]).not.toBe(compared[1]);
      expect(type.ddl).not.toMatch(/max|_CI_/);
    },
  );

  it.each([
    ['text', 'a ', 'SPACE_KEY'],
    ['text', ' ', 'SPACE_KEY'],
    ['bytea', '\\x6100', 'ZERO_KEY'],
    ['bytea', '\\x', 'ZERO_KEY'],
  ])('refuses a key of type %s that SQL Server takes for another one: %j', (type, text, problem) => {
    expect(problemOf(() => codec(column('k', type), { keyBytes: 1700 }).encode(text))).toBe(problem);
    expect(problemOf(() => codec(column('k', type), OUTSIDE).encode(text))).toBeNull();
  });

  it('refuses text that is too long for its share of the key, in the units that the server counts', () => {
    const type = codec(column('k', 'text'), { keyBytes: 850 });
    expect(type.ddl).toBe('nvarchar(425) COLLATE Latin1_General_100_BIN2');
    expect(type.encode(`${'😀'.repeat(212)}a`)).toHaveLength(425);
    expect(problemOf(() => type.encode('😀'.repeat(213)))).toBe('TEXT_KEY_TOO_LONG');
  });

  it('gives characters of two units the room that they need', () => {
    const type = codec({ type: pgType('varchar', 14) }, OUTSIDE);
    expect(type.ddl).toMatch(/^nvarchar\(20\)/);
    expect(type.encode('😀'.repeat(10))).toHaveLength(20);
    expect(problemOf(() => type.encode('a'.repeat(11)))).toBe('TEXT_TOO_LONG');
  });

  it('refuses text that is no integer or no hex', () => {
    expect(problemOf(() => codec(column('c', 'int4'), OUTSIDE).encode('1 OR 1=1'))).toBe('MALFORMED');
    expect(problemOf(() => codec(column('c', 'bytea'), OUTSIDE).encode('\\xzz'))).toBe('MALFORMED');
  });
});
