import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';
import type { NumericShape } from './typmod.ts';

const MINUS = 45;
const ZERO = 48;
const NINE = 57;

/** Throws NUMERIC_NAN or NUMERIC_INFINITY; numeric_out writes exactly `NaN`, `Infinity` and `-Infinity`. */
export function finiteNumeric(text: string): void {
  const first = text.charCodeAt(text.charCodeAt(0) === MINUS ? 1 : 0);
  if (first >= ZERO && first <= NINE) return;
  if (text === 'NaN') throw new ValueProblem('NUMERIC_NAN', 'is NaN, which has no counterpart');
  if (text === 'Infinity' || text === '-Infinity')
    throw new ValueProblem('NUMERIC_INFINITY', `is ${text}, which has no counterpart`);
  throw new ValueProblem('MALFORMED', `is not a number: ${excerpt(text)}`);
}

/**
 * The text of a finite numeric as a DECIMAL(precision, scale) holds it without rounding: as it is, or without zeros at
 * its end that say nothing. Throws NUMERIC_NAN, NUMERIC_INFINITY, NUMERIC_OVERFLOW (digits before the point) and
 * NUMERIC_SCALE (digits after it). Never goes through a JavaScript number.
 */
export function fitNumeric(text: string, shape: NumericShape): string {
  finiteNumeric(text);
  const point = text.indexOf('.');
  const sign = text.charCodeAt(0) === MINUS ? 1 : 0;
  const whole = (point < 0 ? text.length : point) - sign;
  const room = shape.precision - shape.scale;
  if (whole > room && wholeDigits(text, sign, sign + whole) > room)
    throw new ValueProblem('NUMERIC_OVERFLOW', `has more than ${room} digits before the point: ${excerpt(text)}`);
  return point < 0 || text.length - point - 1 <= shape.scale ? text : cutZeros(text, point, shape.scale);
}

function wholeDigits(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === ZERO) at++;
  return end - at;
}

function cutZeros(text: string, point: number, scale: number): string {
  for (let at = point + 1 + scale; at < text.length; at++)
    if (text.charCodeAt(at) !== ZERO)
      throw new ValueProblem('NUMERIC_SCALE', `has more than ${scale} digits after the point: ${excerpt(text)}`);
  return text.slice(0, scale === 0 ? point : point + 1 + scale);
}

/** What numeric comparison sees: no zeros in front or at the end, no point without digits, no negative zero. */
export function canonicalNumeric(text: string): string {
  const match = /^(-?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text);
  if (!match) return text;
  const whole = match[2] || '0';
  const fraction = match[3] ? `.${match[3]}` : '';
  return whole === '0' && fraction === '' ? '0' : `${match[1]}${whole}${fraction}`;
}
