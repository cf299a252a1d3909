import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

/** Throws FLOAT_NAN or FLOAT_INFINITY, the two that MySQL's DOUBLE does not have. */
export function finiteFloat(text: string): void {
  if (isFiniteFloat(text)) return;
  if (text === 'NaN') throw new ValueProblem('FLOAT_NAN', 'is NaN, which has no counterpart');
  if (text === 'Infinity' || text === '-Infinity')
    throw new ValueProblem('FLOAT_INFINITY', `is ${text}, which has no counterpart`);
  throw new ValueProblem('MALFORMED', `is not a floating-point number: ${excerpt(text)}`);
}

/** Whether the text of a float4 or float8 is a number, and not `NaN`, `Infinity` or `-Infinity`. */
export function isFiniteFloat(text: string): boolean {
  const first = text.charCodeAt(text.charCodeAt(0) === 45 ? 1 : 0);
  return first >= 48 && first <= 57;
}
