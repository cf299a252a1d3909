import type { TypeOptions } from '../../model/mapping.ts';
import { canonicalNumeric } from './numeric.ts';

interface Compared {
  expect(pgText: string): string;
  canon(readText: string): string;
}

const asNumber = { expect: canonicalNumeric, canon: canonicalNumeric };

/**
 * What a numeric without declared digits becomes. With `auto` the number is compared as such, so that whoever reads it
 * back need not know which of the two it became.
 */
export function unboundedAs<Coding extends Compared>(
  choice: TypeOptions['numericUnbounded'],
  decimal: Coding,
  text: Coding,
): Coding & { readonly wider?: Coding } {
  if (choice === 'text') return text;
  return choice === 'decimal' ? decimal : { ...decimal, ...asNumber, wider: { ...text, ...asNumber } };
}
