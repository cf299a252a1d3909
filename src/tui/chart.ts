import type { Symbols } from './symbols.ts';

/** The last values as bars, scaled to the largest of them; as many as there are, but no more than `columns`. */
export function sparkline(values: readonly number[], columns: number, { sparks }: Pick<Symbols, 'sparks'>): string {
  const shown = values.slice(-columns);
  const top = Math.max(...shown, 0);
  const level = (value: number): number => (top <= 0 ? 0 : Math.ceil((value / top) * (sparks.length - 1)));
  return shown.map((value) => sparks[level(Math.max(0, value))]).join('');
}

/** A bar of `columns`, full where `share` is 1. What is not done never looks done. */
export function bar(share: number, columns: number, { bar: [full, empty] }: Pick<Symbols, 'bar'>): string {
  const filled = Math.floor(Math.min(1, Math.max(0, share)) * columns);
  return full.repeat(filled) + empty.repeat(columns - filled);
}
