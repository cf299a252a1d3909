import { describe, expect, it } from 'vitest';
import { family } from '../../../src/destination/values/family.ts';
import type { PgType } from '../../../src/model/relation.ts';
import { pgType } from '../../support/relations.ts';

const user = (name: string, more: Partial<PgType> = {}): PgType => ({ ...pgType(name), schema: 'public', ...more });

describe('the family of a type', () => {
  it('knows char(n), varchar(n) and their unlimited forms apart', () => {
    expect([
      family(pgType('bpchar', 9)),
      family(pgType('bpchar')),
      family(pgType('varchar', 9)),
      family(pgType('varchar')),
    ]).toEqual(['char', 'text', 'varchar', 'text']);
  });

  it("takes a user's type for what it is, not for the built-in one of that name", () => {
    expect(family(user('date'))).toBe('opaque');
    expect(family(user('int4', { kind: 'enum' }))).toBe('enum');
    expect(family(user('int4range', { kind: 'range' }))).toBe('range');
    expect(family({ ...pgType('int4range'), kind: 'range' })).toBe('shortRange');
  });

  it('knows extension types in any schema', () => {
    expect([family(user('citext')), family(user('hstore', { schema: 'ext' })), family(user('geometry'))]).toEqual([
      'text',
      'hstore',
      'geometry',
    ]);
  });

  it('does not take int2vector for an array', () => {
    expect(family({ ...pgType('int2vector'), kind: 'array', element: pgType('int2') })).toBe('opaque');
    expect(family({ ...pgType('_int2'), kind: 'array', element: pgType('int2') })).toBe('array');
  });

  it('keeps what it does not know as text', () => {
    expect(family(pgType('pg_snapshot'))).toBe('opaque');
  });
});
