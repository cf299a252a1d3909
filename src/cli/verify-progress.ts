import { plural, seconds } from '../tui/format.ts';
import type { Symbols } from '../tui/theme.ts';
import type { Progress } from '../verify/ports.ts';
import { bar } from './bar.ts';

/** A table that will be compared. */
export interface Expected {
  readonly name: string;
  readonly estimatedRows: number | null;
  readonly bytes: number;
}

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  source: 'reading the source',
  waiting: 'waiting for the destination to come this far',
  destination: 'reading the destination',
  confirming: 'looking at differences again',
};

/** The part of a table's comparison that lies behind at the beginning of a phase, and at its end. */
const SPANS: Readonly<Record<Progress['phase'], readonly [number, number]>> = {
  source: [0, 0.5],
  waiting: [0.5, 0.5],
  destination: [0.5, 1],
  confirming: [1, 1],
};

/** Of tables that were never analysed only the size is known. */
const BYTES_PER_ROW = 100;

/** Too early to tell how long it will take. */
const EARLY = 0.05;

/** How far a comparison is: tables are weighed by the rows that the planner expects in them. */
export class VerifyProgress {
  private readonly rows: ReadonlyMap<string, number>;
  private readonly total: number;
  private readonly startedAt: number;
  private done = 0;
  private furthest = 0;

  constructor(tables: readonly Expected[], now: number) {
    const expected = ({ estimatedRows, bytes }: Expected) => Math.max(1, estimatedRows ?? bytes / BYTES_PER_ROW);
    this.rows = new Map(tables.map((table) => [table.name, expected(table)]));
    this.total = [...this.rows.values()].reduce((sum, rows) => sum + rows, 0);
    this.startedAt = now;
  }

  finished(table: string): void {
    this.done += this.rows.get(table) ?? 0;
  }

  /** From 0 to 1. */
  share({ table, phase, rows }: Progress): number {
    const expected = this.rows.get(table) ?? 1;
    const [from, to] = SPANS[phase];
    const within = from + (to - from) * Math.min(1, rows / expected);
    return (this.done + expected * within) / this.total;
  }

  /** The bar, what is being done, and how long it will take at this pace. */
  line(progress: Progress, symbols: Symbols, now: number): string {
    // Where a table differs a lot it is read again, which is no step back.
    this.furthest = Math.max(this.furthest, this.share(progress));
    const share = this.furthest;
    const { table, phase, rows } = progress;
    const read = rows > 0 ? `, ${plural(rows, 'row')}` : '';
    const left = ((now - this.startedAt) / 1000) * (1 / share - 1);
    const time = share > EARLY && share < 1 ? `  ${seconds(left)} left` : '';
    return `${bar(share, symbols)}${time}  ${table}: ${PHASES[phase]}${read}`;
  }
}
