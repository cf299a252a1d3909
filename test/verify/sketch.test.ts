import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/model/value.ts';
import { decode, isEmpty } from '../../src/verify/decode.ts';
import { fingerprintOf, LANES } from '../../src/verify/fingerprint.ts';
import { add, createSketch } from '../../src/verify/sketch.ts';
import { randomBy, relation, things } from './world.ts';

const lanesOf = (row: Row, identity: 'key' | 'row' = 'row'): Uint32Array => {
  const lanes = new Uint32Array(LANES);
  fingerprintOf(relation(identity))(row, lanes);
  return lanes;
};

describe('the fingerprint', () => {
  it('differs for every way to cut the same text into values', () => {
    const rows: Row[] = [
      ['ab', 'c', ''],
      ['a', 'bc', ''],
      ['a', 'b', 'c'],
      ['', 'abc', ''],
      ['abc', null, ''],
      ['abc', '', null],
      ['abc', '-', ''],
      ['1:a', '', ''],
      ['1', 'a', ''],
    ];
    expect(new Set(rows.map((row) => lanesOf(row).join())).size).toBe(rows.length);
  });

  it('finds the changed row again by its key', () => {
    const [before, after] = [lanesOf(['1', 'a', null], 'key'), lanesOf(['1', 'b', null], 'key')];
    expect([after[0], after[1]]).toEqual([before[0], before[1]]);
    expect([after[2], after[3]]).not.toEqual([before[2], before[3]]);
  });

  it('has no collisions among a hundred thousand rows and keys', () => {
    const rows = things(100_000);
    const key = (row: Row) => lanesOf(row, 'key').slice(0, 2).join();
    const content = (row: Row) => lanesOf(row, 'key').slice(2).join();
    expect(new Set(rows.map(key)).size).toBe(rows.length);
    expect(new Set(rows.map(content)).size).toBe(rows.length);
  });
});

describe('the sketch', () => {
  it('is empty again when both sides gave the same rows in any order', () => {
    const sketch = createSketch(96);
    for (const row of things(1000)) add(sketch, lanesOf(row), 1);
    expect(isEmpty(sketch)).toBe(false);
    for (const row of things(1000).reverse()) add(sketch, lanesOf(row), -1);
    expect(isEmpty(sketch)).toBe(true);
  });

  it('gives back exactly what differs, with how often', () => {
    const random = randomBy(7);
    const expected = new Map<string, number>();
    const sketch = createSketch(3 * 512);
    for (const row of things(20_000)) {
      const lanes = lanesOf(row);
      const [here, there] = random() < 0.03 ? [Math.floor(random() * 9), Math.floor(random() * 9)] : [1, 1];
      for (let i = 0; i < here; i++) add(sketch, lanes, 1);
      for (let i = 0; i < there; i++) add(sketch, lanes, -1);
      if (here !== there) expected.set(lanes.join(), here - there);
    }
    const { surpluses, complete } = decode(sketch);
    expect(complete).toBe(true);
    expect(expected.size).toBeGreaterThan(400);
    expect(new Map(surpluses.map(({ lanes, count }) => [lanes.join(), count]))).toEqual(expected);
  });

  it('says when there is too much to tell apart', () => {
    const sketch = createSketch(96);
    for (const row of things(500)) add(sketch, lanesOf(row), 1);
    expect(decode(sketch).complete).toBe(false);
  });
});
