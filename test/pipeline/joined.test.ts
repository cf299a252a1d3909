import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joined } from '../../src/pipeline/joined.ts';

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
