import type { ColumnCodec } from '../contract.ts';
import type { NumericShape } from '../values/typmod.ts';

type Verbatim = NonNullable<ColumnCodec['verbatim']>;

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

export const anyLength: Verbatim = () => true;

export const upTo =
  (limit: number): Verbatim =>
  (_, from, to) =>
    to - from <= limit;

export const isDigits: Verbatim = (bytes, from, to) => {
  const first = bytes[from] === MINUS ? from + 1 : from;
  return first < to && digitsEnd(bytes, first, to) === to;
};

/** Digits that a DECIMAL of this shape holds as they are. */
export function fitsShape({ precision, scale }: NumericShape): Verbatim {
  return (bytes, from, to) => {
    const first = bytes[from] === MINUS ? from + 1 : from;
    const point = digitsEnd(bytes, first, to);
    if (point === first || point - first > precision - scale) return false;
    if (point === to) return true;
    return bytes[point] === POINT && to - point - 1 <= scale && digitsEnd(bytes, point + 1, to) === to;
  };
}

/** Where the digits end. */
function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at += 1;
  return at;
}
