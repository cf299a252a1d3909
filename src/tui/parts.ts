import { spread, width } from './width.ts';

/** A piece of a line. The higher its rank, the sooner it gives way where there is no room; without one it stays. */
export interface Part {
  readonly text: string;
  /** Said instead before it gives way. */
  readonly short?: string;
  readonly rank?: number;
}

const GAP = '   ';

const joined = (parts: readonly Part[], gap: string): string => parts.map(({ text }) => text).join(gap);

/** One step shorter: the last of those with the highest rank; null where all have to stay. */
function shortened(parts: readonly Part[]): readonly Part[] | null {
  const worst = Math.max(0, ...parts.map(({ rank = 0 }) => rank));
  if (worst === 0) return null;
  const at = parts.findLastIndex(({ rank = 0 }) => rank === worst);
  const { short } = parts[at] ?? {};
  return short === undefined ? parts.toSpliced(at, 1) : parts.toSpliced(at, 1, { text: short, rank: worst - 0.5 });
}

/** The parts that fit: some from the left, some at the right end. They may be coloured. */
export function line(left: readonly Part[], right: readonly Part[], columns: number): string {
  const ends = new Set(right);
  let parts: readonly Part[] = [...left, ...right].filter(({ text }) => text !== '');
  for (;;) {
    const head = parts.filter((part) => !ends.has(part));
    const tail = parts.filter((part) => ends.has(part));
    for (const gap of [GAP, '  ']) {
      const size = width(joined(head, gap)) + width(joined(tail, gap)) + (head.length && tail.length ? 2 : 0);
      if (size <= columns) return spread(joined(head, gap), joined(tail, gap), columns);
    }
    const next = shortened(parts);
    if (next === null) return joined(head, '  ');
    parts = next;
  }
}
