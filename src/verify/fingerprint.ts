import { hash } from 'node:crypto';
import type { Relation } from '../model/relation.ts';
import type { Row, Value } from '../model/value.ts';

/** Lanes of a fingerprint: two that find the row again, two that tell its content. */
export const LANES = 4;

/** Lanes have 30 bits, which keeps every sum a small integer. */
export const LANE = 0x3fffffff;

/** Fills `lanes` with the fingerprint of a canonical row. Equal rows have equal lanes on both sides. */
export type Fingerprint = (row: Row, lanes: Uint32Array) => void;

/** Unambiguous: no two different lists of values give the same text. */
const part = (value: Value | undefined): string => (typeof value === 'string' ? `${value.length}:${value}` : '-');

function joined(row: Row, indexes: readonly number[] | null): string {
  let all = '';
  if (indexes) for (const i of indexes) all += part(row[i]);
  else for (const value of row) all += part(value);
  return all;
}

/** SHA-1 of all values, as one character per byte. */
export const digestOf = (row: Row): string => hash('sha1', joined(row, null), 'binary');

const byte = (digest: string, at: number, shift: number): number => digest.charCodeAt(at) << shift;

const lane = (digest: string, at: number): number =>
  (byte(digest, at, 0) | byte(digest, at + 1, 8) | byte(digest, at + 2, 16) | byte(digest, at + 3, 24)) & LANE;

/**
 * For a table with a key the first lanes depend on the key alone, so a row is found again after it has changed. A
 * collision there costs one more look; the content lanes come from SHA-1, a collision there would hide a difference.
 */
export function fingerprintOf(relation: Relation): Fingerprint {
  const key = relation.identity === 'key' ? relation.key : null;
  return (row, lanes) => {
    const digest = digestOf(row);
    lanes[2] = lane(digest, 0);
    lanes[3] = lane(digest, 4);
    if (key) return spread(joined(row, key), lanes);
    lanes[0] = lane(digest, 8);
    lanes[1] = lane(digest, 12);
  };
}

/** Two lanes of a short text, by multiply and xor. */
function spread(text: string, lanes: Uint32Array): void {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit, 0x5f356495);
  }
  lanes[0] = mix(a ^ (b >>> 15)) & LANE;
  lanes[1] = mix(b ^ (a >>> 13)) & LANE;
}

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the result. */
export function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** The first two lanes as one number (53 bits), to look suspects up by. */
export const idOf = (lanes: Uint32Array): number => ((lanes[1] ?? 0) & 0x7fffff) * 0x40000000 + (lanes[0] ?? 0);
