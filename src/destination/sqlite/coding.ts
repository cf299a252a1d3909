import type { ColumnCodec } from '../contract.ts';
import { isFiniteFloat } from '../values/float.ts';
import { integerText } from '../values/integer.ts';
import { isTrue } from '../values/scalar.ts';

export type Coding = Omit<ColumnCodec, 'note'>;

const same = (text: string): string => text;

export const coding = (
  ddl: string,
  storage: ColumnCodec['storage'],
  encode: (text: string) => string = same,
  expect = encode,
): Coding => ({
  ddl,
  storage,
  plain: storage !== 'text',
  encode,
  expect,
  lossy: null,
  problems: [],
  nearest: () => null,
  read: same,
  canon: same,
});

/**
 * Only INTEGER, REAL, TEXT and BLOB are ever declared: any other name gives an affinity by accident, and a `STRING`
 * column turns '007' into 7. Text holds what no number type does exactly, so no value is ever refused.
 */
export const integer = coding('INTEGER', 'integer', integerText);

/** JavaScript and SQLite print the same shortest form; −0 loses its sign in a REAL column. */
export const real = coding('REAL', 'real', same, (pgText) =>
  isFiniteFloat(pgText) ? String(Number(pgText) + 0) : pgText,
);

export const boolean = coding('INTEGER', 'boolean', (pgText) => (isTrue(pgText) ? '1' : '0'));
