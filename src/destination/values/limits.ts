import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';
import type { Nearest } from './nearest.ts';

/** Throws TEXT_TOO_LONG beyond this many bytes of UTF-8. */
export function limitBytes(text: string, limit: number): string {
  if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) return text;
  throw new ValueProblem('TEXT_TOO_LONG', `is longer than ${limit} bytes: ${excerpt(text)}`);
}

/** The text up to `limit` bytes of UTF-8, without half a character. */
export const nearestBytes =
  (limit: number): Nearest =>
  (text, problem) => {
    if (problem !== 'TEXT_TOO_LONG') return null;
    const bytes = Buffer.from(text);
    let end = Math.min(limit, bytes.length);
    while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    return bytes.subarray(0, end).toString();
  };

/** Throws TEXT_TOO_LONG beyond this many bytes, given as hexadecimal digits. */
export function limitHex(hex: string, limit: number): string {
  if (hex.length <= limit * 2) return hex;
  throw new ValueProblem('TEXT_TOO_LONG', `has ${hex.length / 2} bytes, the column holds ${limit}`);
}

/** The first bytes of a bytea. */
export const nearestHex =
  (limit: number): Nearest =>
  (text, problem) =>
    problem === 'TEXT_TOO_LONG' ? text.slice(0, 2 + limit * 2) : null;
