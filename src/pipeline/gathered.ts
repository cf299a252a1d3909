import type { Change, Changes, Inserts } from '../model/change.ts';

/** Changes as they arrive; those of finished transactions are taken first. */
export class Gathered {
  /** Single changes. */
  length = 0;
  /** How many of them belong to finished transactions. */
  closed = 0;
  private items: (Change | Inserts)[] = [];
  private closedItems = 0;

  push(change: Change | Inserts): void {
    this.items.push(change);
    this.length += countOf(change);
  }

  /** What there is so far belongs to finished transactions. */
  close(): void {
    this.closed = this.length;
    this.closedItems = this.items.length;
  }

  /** The changes of finished transactions; the others stay. */
  takeClosed(): Changes {
    const whole = this.closedItems === this.items.length;
    const taken = new Kept(whole ? this.items : this.items.slice(0, this.closedItems), this.closed);
    this.items = whole ? [] : this.items.slice(this.closedItems);
    this.length -= this.closed;
    this.closed = 0;
    this.closedItems = 0;
    return taken;
  }

  takeAll(): Changes {
    this.close();
    return this.takeClosed();
  }
}

/** Single changes in it. */
export const countOf = (change: Change | Inserts): number => (change.kind === 'inserts' ? change.rows.length : 1);

class Kept implements Changes {
  readonly kept: readonly (Change | Inserts)[];
  readonly length: number;

  constructor(kept: readonly (Change | Inserts)[], length: number) {
    this.kept = kept;
    this.length = length;
  }

  *[Symbol.iterator](): Iterator<Change> {
    for (const change of this.kept) {
      if (change.kind === 'inserts') yield* change.singles();
      else yield change;
    }
  }
}
