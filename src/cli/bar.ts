import type { Symbols } from './style.ts';

const WIDTH = 20;

/** `██████░░░░  68 %` of a share from 0 to 1. What is not done is never shown as 100 %. */
export function bar(share: number, { bar: [full, empty] }: Pick<Symbols, 'bar'>): string {
  const known = Math.min(1, Math.max(0, share));
  const filled = Math.floor(known * WIDTH);
  const percent = known < 1 ? Math.min(99, Math.floor(known * 100)) : 100;
  return `${full.repeat(filled)}${empty.repeat(WIDTH - filled)} ${String(percent).padStart(3)} %`;
}
