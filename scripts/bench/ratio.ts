/** Middle of the values; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Value below which the share `q` lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

/** One line of the report. `value` and `target` in the same unit. */
export interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ratio' | 's' | 'ms' | 'MB';
  readonly target: number;
  /** Whether more is better (ratios) or less (everything else). */
  readonly atLeast: boolean;
  /** Figures behind it, for people. */
  readonly detail: string;
}

export const reached = (line: Line): boolean => (line.atLeast ? line.value >= line.target : line.value <= line.target);
