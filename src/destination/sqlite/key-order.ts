import type { Row } from '../../model/value.ts';
import type { Target } from '../contract.ts';

/**
 * The same items, in the order in which the key's tree stores them: a page is then written once, and not again and
 * again. Measured with 10,000 random keys among 300,000: a tenth (updates) to a fifth (inserts, deletes) less CPU. Equal
 * keys keep their order. Only the rate depends on it, so integers beyond 2^53 may be compared inexactly.
 */
export function inKeyOrder<T>(target: Target, items: readonly T[], keyOf: (item: T) => Row): readonly T[] {
  const { key } = target.relation;
  if (target.ordered !== null || target.relation.identity !== 'key' || items.length < 2) return items;
  const columns = key.map((column, i) => {
    const numeric = target.codecs[column]?.storage === 'integer' || target.codecs[column]?.storage === 'real';
    return items.map((item) => {
      const value = keyOf(item)[i];
      return numeric ? Number(value) : String(value);
    });
  });
  const compare = (a: number, b: number): number => {
    for (const ranks of columns) {
      const [left = 0, right = 0] = [ranks[a], ranks[b]];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
  return reordered(items, compare);
}

/** Rows mostly arrive in order: then nothing is copied. */
function reordered<T>(items: readonly T[], compare: (a: number, b: number) => number): readonly T[] {
  let sorted = true;
  for (let i = 1; sorted && i < items.length; i++) sorted = compare(i - 1, i) <= 0;
  if (sorted) return items;
  const order = items.map((_, i) => i).sort(compare);
  return order.map((i) => items[i] as T);
}
