import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

/** `t` and `f`, as boolean output always is. */
export function isTrue(text: string): boolean {
  if (text === 't') return true;
  if (text === 'f') return false;
  throw new ValueProblem('MALFORMED', `is not a boolean: ${excerpt(text)}`);
}

/**
 * char(n) without the blanks PostgreSQL pads it with; they are insignificant there, too.
 * https://www.postgresql.org/docs/current/datatype-character.html
 */
export function unpadded(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end === text.length ? text : text.slice(0, end);
}

const MONEY = /^(-?)\$(\d{1,3}(?:,\d{3})*\.\d\d)$/;

/** Money under `lc_monetary = C` as a plain decimal: `-$1,234.50` → `-1234.50`. */
export function moneyDecimal(text: string): string {
  const match = MONEY.exec(text);
  if (!match?.[2]) throw new ValueProblem('MALFORMED', `is not money in the C locale: ${excerpt(text)}`);
  return `${match[1]}${match[2].replaceAll(',', '')}`;
}

/** The hex digits of a bytea under `bytea_output = hex`, without `\x`. */
export function byteaHex(text: string): string {
  if (text.charCodeAt(0) !== 92 || text.charCodeAt(1) !== 120 || text.length % 2 !== 0)
    throw new ValueProblem('MALFORMED', `is not a bytea in hex: ${excerpt(text)}`);
  return text.slice(2);
}

const HEX = /^[0-9a-f]*$/i;

/** The same, looked at digit by digit: for statements that are spelled with them. */
export function hexDigits(text: string): string {
  const value = byteaHex(text);
  if (HEX.test(value)) return value;
  throw new ValueProblem('MALFORMED', `is not a bytea in hex: ${excerpt(text)}`);
}

/** The bytes that hexadecimal digits stand for. Node would stop at the first digit that is none, and say nothing. */
export function hexBytes(hex: string): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length * 2 !== hex.length) throw new ValueProblem('MALFORMED', `is not a bytea in hex: ${excerpt(hex)}`);
  return bytes;
}
