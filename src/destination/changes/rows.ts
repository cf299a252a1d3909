import type { Insert, Inserts, Update } from '../../model/change.ts';
import { joined } from '../../model/joined.ts';
import type { PackedRow, Row, Rows } from '../../model/value.ts';

interface Source {
  readonly after: Row;
  readonly packed?: PackedRow;
  readonly key?: Row;
}

/** The rows that changes leave behind. */
export function rowsAfter(changes: readonly (Insert | Update | Inserts)[]): Rows {
  const parts: Rows[] = [];
  let singles: Source[] = [];
  for (const change of changes) {
    if (change.kind !== 'inserts') singles.push(change);
    else {
      if (singles.length > 0) parts.push(new RowsAfter(singles));
      singles = [];
      parts.push(change.rows);
    }
  }
  if (parts.length === 0) return new RowsAfter(singles);
  if (singles.length > 0) parts.push(new RowsAfter(singles));
  return joined(parts);
}

class RowsAfter implements Rows {
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
