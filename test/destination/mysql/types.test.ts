import { describe, expect, it } from 'vitest';
import { codec } from '../../../src/destination/mysql/types.ts';
import { problemOf } from '../../support/problem.ts';
import { column } from '../../support/relations.ts';
import { isOmitted, keyPairs, keyTypeOf, sameText, sourceText, typeOf, vectors } from '../../support/type-vectors.ts';

const flavours = [
  { name: 'mysql', flavour: 'MySQL', collation: 'utf8mb4_0900_bin' },
  { name: 'mariadb', flavour: 'MariaDB', collation: 'utf8mb4_nopad_bin' },
] as const;

describe.each(flavours)('$flavour', ({ name, flavour, collation }) => {
  const named = vectors.map((vector) => ({ title: `${vector.id} ${vector.pgType}`, vector, wanted: vector[name] }));

  it.each(named)('declares $title as agreed', ({ vector, wanted }) => {
    const { ddl } = codec({ type: typeOf(vector) }, { flavour, keyBytes: null });
    expect(ddl.replace(` COLLATE ${collation}`, '')).toBe(wanted.type.replace(' CHARACTER SET utf8mb4', ''));
    if (/CHAR|TEXT/.test(ddl)) expect(ddl).toMatch(/ COLLATE (utf8mb4_0900_bin|utf8mb4_nopad_bin|ascii_bin)$/);
  });

  const values = named.filter(({ vector, wanted }) => vector.pgText !== null && !wanted.unrepresentable);

  it.each(values)('sends $title so that the same is read back', ({ vector, wanted }) => {
    const type = codec({ type: typeOf(vector) }, { flavour, keyBytes: null });
    const source = sourceText(vector) ?? '';
    const sent = type.encode(source);
    const expected = wanted.expectedText ?? '';
    if (isOmitted(expected)) expect(sameText(expected, sent)).toBe(true);
    else {
      expect(type.canon(sent)).toBe(type.canon(expected));
      expect(type.expect(source)).toBe(type.canon(expected));
    }
    if (type.plain) expect(sent).toMatch(/^[A-Za-z0-9+\-.: _/]*$/);
  });

  const refused = named.filter(({ wanted }) => wanted.unrepresentable);

  it.each(refused)('refuses $title before anything is sent', ({ vector, wanted }) => {
    const type = codec({ type: typeOf(vector) }, { flavour, keyBytes: null });
    expect(problemOf(() => type.encode(sourceText(vector) ?? ''))).toBe(wanted.unrepresentable);
  });

  it.each(keyPairs.map((pair) => ({ title: `${pair.pgType}: ${pair.note}`, pair })))(
    'keeps two keys apart: $title',
    ({ pair }) => {
      const type = codec({ type: keyTypeOf(pair) }, { flavour, keyBytes: 3072 });
      expect(type.encode(pair.pgText[0])).not.toBe(type.encode(pair.pgText[1]));
      expect(type.ddl).not.toMatch(/LONG|_ci|BINARY\(\d+\)$(?<!VARBINARY\(\d+\))/);
    },
  );

  it('refuses text that is too long for its share of the key', () => {
    const type = codec(column('k', 'text'), { flavour, keyBytes: 1024 });
    expect(type.ddl).toBe(`VARCHAR(256) COLLATE ${collation}`);
    expect(type.encode('😀'.repeat(256))).toBe('😀'.repeat(256));
    expect(problemOf(() => type.encode('a'.repeat(257)))).toBe('TEXT_KEY_TOO_LONG');
  });

  it('refuses bytes that are too long for their share of the key', () => {
    const type = codec(column('k', 'bytea'), { flavour, keyBytes: 4 });
    expect(type.encode('\\x00010203')).toBe('00010203');
    expect(problemOf(() => type.encode('\\x0001020304'))).toBe('TEXT_KEY_TOO_LONG');
  });

  it('refuses text that is no integer or no hex instead of writing it into SQL', () => {
    const at = { flavour, keyBytes: null };
    expect(problemOf(() => codec(column('c', 'int4'), at).encode('1 OR 1=1'))).toBe('MALFORMED');
    expect(problemOf(() => codec(column('c', 'bytea'), at).encode("\\x'; drop"))).toBe('MALFORMED');
  });
});
