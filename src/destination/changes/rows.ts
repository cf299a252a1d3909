import type { PackedRow, Row, Rows } from '../../model/value.ts';

interface Source {
  readonly after: Row;
  readonly packed?: PackedRow;
  readonly key?: Row;
}

/** The rows that changes leave behind. */
export class RowsAfter implements Rows {
  private readonly changes: readonly Source[];

  constructor(changes: readonly Source[]) {
    this.changes = changes;
  }

  get length(): number {
    return this.changes.length;
  }

  at(index: number): Row | undefined {
    return this.changes.at(index)?.after;
  }

  packed(index: number): PackedRow | null {
    return this.changes[index]?.packed ?? null;
  }

  key(index: number): Row | null {
    return this.changes[index]?.key ?? null;
  }

  slice(from: number, to?: number): Rows {
    return new RowsAfter(this.changes.slice(from, to));
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (const change of this.changes) yield change.after;
  }
}
