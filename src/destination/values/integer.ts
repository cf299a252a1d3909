import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

/** Decimal digits with an optional minus sign: what every integer type's output is. Never a JavaScript number. */
export function integerText(text: string): string {
  let at = text.charCodeAt(0) === 45 ? 1 : 0;
  if (at === text.length) malformed(text);
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at);
    if (digit < 48 || digit > 57) malformed(text);
  }
  return text;
}

function malformed(text: string): never {
  throw new ValueProblem('MALFORMED', `is not an integer: ${excerpt(text)}`);
}
