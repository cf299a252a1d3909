import { bar as barOf } from '../tui/chart.ts';
import type { Symbols } from '../tui/symbols.ts';

const WIDTH = 20;

/** `██████░░░░  68 %` of a share from 0 to 1. What is not done is never shown as 100 %. */
export function bar(share: number, symbols: Pick<Symbols, 'bar'>): string {
  const known = Math.min(1, Math.max(0, share));
  const percent = known < 1 ? Math.min(99, Math.floor(known * 100)) : 100;
  return `${barOf(known, WIDTH, symbols)} ${String(percent).padStart(3)} %`;
}
