import type { Row, Rows } from '../model/value.ts';

/** The rows that changes leave behind. */
export class RowsAfter implements Rows {
  private readonly changes: readonly { readonly after: Row }[];

  constructor(changes: readonly { readonly after: Row }[]) {
    this.changes = changes;
  }

  get length(): number {
    return this.changes.length;
  }

  at(index: number): Row | undefined {
    return this.changes.at(index)?.after;
  }

  slice(from: number, to?: number): Rows {
    return new RowsAfter(this.changes.slice(from, to));
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (const change of this.changes) yield change.after;
  }
}
