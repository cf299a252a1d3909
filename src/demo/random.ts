/** A seeded sequence of integers: the same seed gives the same sequence. */
export interface Random {
  /** An integer from 0 to `below` - 1. */
  int(below: number): number;
  /** An item, each as often as its weight. */
  pick<T extends { readonly weight: number }>(items: readonly T[]): T;
}

/** Mulberry32: short, fast and even enough for test data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return { int, pick: (items) => pickBy(items, int) };
}

function pickBy<T extends { readonly weight: number }>(items: readonly T[], int: (below: number) => number): T {
  let left = int(items.reduce((all, item) => all + item.weight, 0));
  const found = items.find((item) => {
    left -= item.weight;
    return left < 0;
  });
  if (!found) throw new RangeError('nothing to pick from');
  return found;
}
