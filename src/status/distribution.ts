/** Counts of values below growing limits, as a Prometheus histogram has them. Observing allocates nothing. */
export class Distribution {
  /** Upper limits, growing, each included. */
  readonly limits: readonly number[];
  /** Values up to each limit and above the one before; the last are above all limits. */
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(limits: readonly number[]) {
    this.limits = limits;
    this.counts = new Array<number>(limits.length + 1).fill(0);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.limits.length && value > (this.limits[at] ?? 0)) at += 1;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += value;
    this.count += 1;
  }
}

/** What the batches were like that were applied in this run. */
export interface Applied {
  readonly seconds: Distribution;
  /** Row changes. */
  readonly rows: Distribution;
  /** On the wire from the source. */
  readonly bytes: Distribution;
}

export const noneApplied = (): Applied => ({
  seconds: new Distribution([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]),
  rows: new Distribution([1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]),
  bytes: new Distribution([1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864]),
});
