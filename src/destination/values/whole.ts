import { type ProblemClass, ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';
import type { Family } from './family.ts';
import type { Nearest } from './nearest.ts';
import { fitNumeric } from './numeric.ts';
import { declaredNumeric } from './typmod.ts';

/** Numbers as an integer column of a given size takes them. */
export interface Whole {
  /** Digits of a number without a fraction. Throws NUMERIC_NAN, NUMERIC_INFINITY, NUMERIC_SCALE, NUMERIC_OVERFLOW. */
  encode(text: string): string;
  readonly nearest: Nearest;
}

/** Classes of numeric values that an integer column may meet. */
export const NUMERIC_PROBLEMS: readonly ProblemClass[] = [
  'NUMERIC_NAN',
  'NUMERIC_INFINITY',
  'NUMERIC_OVERFLOW',
  'NUMERIC_SCALE',
];

/** Digits that a value of these types has at most, and the bits it takes. */
export const WHOLE: Partial<Record<Family, { readonly digits: number; readonly bits: number }>> = {
  int2: { digits: 5, bits: 16 },
  int4: { digits: 10, bits: 32 },
  oid: { digits: 10, bits: 33 },
  int8: { digits: 19, bits: 64 },
  xid8: { digits: 20, bits: 65 },
};

/** A numeric with declared digits is never infinite, but may be NaN. */
export const numericProblems = (typmod: number): readonly ProblemClass[] =>
  declaredNumeric(typmod) === null ? NUMERIC_PROBLEMS : NUMERIC_PROBLEMS.filter((one) => one !== 'NUMERIC_INFINITY');

/** A signed integer of this many bits. */
export function whole(bits: number): Whole {
  const limit = 1n << BigInt(bits - 1);
  const [lowest, highest] = [-limit, limit - 1n];
  const shape = { precision: String(limit).length, scale: 0 };
  const inRange = (digits: string): boolean => {
    if (digits.length < shape.precision) return true;
    const value = BigInt(digits);
    return value >= lowest && value <= highest;
  };
  return {
    encode(text) {
      const digits = fitNumeric(text, shape);
      if (inRange(digits)) return digits;
      throw new ValueProblem('NUMERIC_OVERFLOW', `lies outside ${lowest} to ${highest}: ${excerpt(text)}`);
    },
    nearest(text, problem) {
      if (problem === 'NUMERIC_SCALE') return rounded(text, lowest, highest);
      if (problem !== 'NUMERIC_OVERFLOW' && problem !== 'NUMERIC_INFINITY') return null;
      return String(text.startsWith('-') ? lowest : highest);
    },
  };
}

/** Half away from zero, as PostgreSQL rounds numeric. */
function rounded(text: string, lowest: bigint, highest: bigint): string {
  const [digits = '0', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(digits) + (fraction >= '5' ? 1n : 0n);
  const value = text.startsWith('-') ? -size : size;
  return String(value < lowest ? lowest : value > highest ? highest : value);
}
