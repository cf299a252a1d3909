import type { ColumnCodec } from '../contract.ts';
import type { NumericShape } from '../values/typmod.ts';

/**
 * Each gives back what its conversion of text would (values/), for what is plain to see from the bytes; all else is -1.
 */
export type Transcribe = NonNullable<ColumnCodec['transcribe']>;

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const BLANK = 0x20;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const ONE = 0x31;
const NINE = 0x39;
const LETTER_A = 0x61;
const LETTER_C = 0x43;
const LETTER_F = 0x66;
const LETTER_T = 0x74;
const LETTER_X = 0x78;

/** Bytes from which on a call out of JavaScript is faster than writing one by one. */
const LONG = 96;

export const asItIs: Transcribe = (bytes, from, to, into, at) => {
  if (to - from >= LONG) {
    into.set(bytes.subarray(from, to), at);
    return at + to - from;
  }
  let end = at;
  for (let index = from; index < to; index++) into[end++] = bytes[index] as number;
  return end;
};

export const upTo =
  (limit: number): Transcribe =>
  (bytes, from, to, into, at) =>
    to - from <= limit ? asItIs(bytes, from, to, into, at) : -1;

export const digits: Transcribe = (bytes, from, to, into, at) => {
  const first = bytes[from] === MINUS ? from + 1 : from;
  return first < to && digitsEnd(bytes, first, to) === to ? asItIs(bytes, from, to, into, at) : -1;
};

/** Digits that a DECIMAL of this shape holds as they are. */
export function fitting({ precision, scale }: NumericShape): Transcribe {
  return (bytes, from, to, into, at) => {
    const first = bytes[from] === MINUS ? from + 1 : from;
    const point = digitsEnd(bytes, first, to);
    if (point === first || point - first > precision - scale) return -1;
    const whole = point === to;
    const fraction = bytes[point] === POINT && to - point - 1 <= scale && digitsEnd(bytes, point + 1, to) === to;
    return whole || fraction ? asItIs(bytes, from, to, into, at) : -1;
  };
}

/** A float that is a number: of the others only letters are the beginning. */
export const finite: Transcribe = (bytes, from, to, into, at) => {
  const first = bytes[bytes[from] === MINUS ? from + 1 : from] as number;
  return first >= ZERO && first <= NINE ? asItIs(bytes, from, to, into, at) : -1;
};

/** `t` and `f` to `1` and `0`. */
export const truth: Transcribe = (bytes, from, to, into, at) => {
  const letter = bytes[from];
  if (to - from !== 1 || (letter !== LETTER_T && letter !== LETTER_F)) return -1;
  into[at] = letter === LETTER_T ? ONE : ZERO;
  return at + 1;
};

/** bytea in hex, without its `\x`. */
export const hex: Transcribe = (bytes, from, to, into, at) => {
  if (bytes[from] !== BACKSLASH || bytes[from + 1] !== LETTER_X || (to - from) % 2 !== 0) return -1;
  for (let index = from + 2; index < to; index++) {
    const digit = bytes[index] as number;
    if (digit < ZERO || (digit > NINE && (digit < LETTER_A || digit > LETTER_F))) return -1;
  }
  return asItIs(bytes, from + 2, to, into, at);
};

export const day: Transcribe = (bytes, from, to, into, at) =>
  to - from === 10 && bytes[from + 4] === MINUS ? asItIs(bytes, from, to, into, at) : -1;

export const moment: Transcribe = (bytes, from, to, into, at) =>
  isMoment(bytes, from, to) ? asItIs(bytes, from, to, into, at) : -1;

/** A moment with `+00` at its end, which goes. */
export const utcMoment: Transcribe = (bytes, from, to, into, at) => {
  const end = to - 3;
  const utc = bytes[end] === PLUS && bytes[end + 1] === ZERO && bytes[end + 2] === ZERO;
  return utc && isMoment(bytes, from, end) ? asItIs(bytes, from, end, into, at) : -1;
};

/** `YYYY-MM-DD HH:MM:SS[.ffffff]`, without ` BC`. */
function isMoment(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < 19 || length > 26 || bytes[from + 4] !== MINUS || bytes[from + 10] !== BLANK) return false;
  return bytes[to - 1] !== LETTER_C && (length === 19 || bytes[from + 19] === POINT);
}

/** Where the digits end. */
function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at += 1;
  return at;
}
