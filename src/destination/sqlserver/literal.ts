import type { Coding } from './coding.ts';

/** A text literal; a quote is doubled, and nothing else means anything in it. */
export const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/** A value of the column's type, spelled out; `encoded` is what the coding's `encode` gave. */
export function valueLiteral(coding: Coding, encoded: string): string {
  switch (coding.travel) {
    case 'bytes':
      return coding.cast(`0x${encoded}`);
    case 'int':
    case 'bigint':
    case 'bit':
    case 'float':
      return coding.cast(encoded);
    case 'guid':
    case 'text':
      return coding.cast(literal(encoded));
  }
}
