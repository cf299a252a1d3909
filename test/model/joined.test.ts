import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joined } from '../../src/model/joined.ts';
import type { Row, Rows } from '../../src/model/value.ts';

it('reads as one list, whole and in any slice', () => {
  const parts = fc.array(fc.array(fc.tuple(fc.string())));
  fc.assert(
    fc.property(parts, fc.nat(20), fc.nat(20), (lists, from, to) => {
      const flat = lists.flat();
      const rows = joined(lists);
      expect(rows.length).toBe(flat.length);
      expect([...rows]).toEqual(flat);
      expect(rows.at(from)).toEqual(flat[from]);
      const slice = rows.slice(from, to);
      expect([...slice]).toEqual(flat.slice(from, to));
      expect(slice.length).toBe(flat.slice(from, to).length);
      expect([...rows.slice(from)]).toEqual(flat.slice(from));
    }),
  );
});

it('hands out the packed rows of its parts, in any order', () => {
  const packed = (index: number) => ({ buffer: Buffer.from([index]), bounds: () => undefined });
  const part = (from: number, length: number): Rows => {
    const rows: Row[] = Array.from({ length }, (_, i) => [String(from + i)]);
    return Object.assign(rows, { packed: (at: number) => packed(from + at) });
  };
  const rows = joined([part(0, 3), part(3, 0), part(3, 2), [['5']]]);
  const numbers = [0, 1, 2, 3, 4, 5, 2, 0, 4, 6].map((index) => rows.packed?.(index)?.buffer[0] ?? null);
  expect(numbers).toEqual([0, 1, 2, 3, 4, null, 2, 0, 4, null]);
});
