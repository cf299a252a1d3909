import type { Changes, RowChange } from '../../model/change.ts';
import type { TableCopy } from '../../model/destination.ts';
import type { Relation } from '../../model/relation.ts';
import type { Row } from '../../model/value.ts';

/** A relation without the columns that are not written. Decided once per shape. Pure. */
export class Projection {
  readonly relation: Relation;
  private readonly kept: readonly number[];
  /** Positions in `key` of the whole relation. */
  private readonly keyKept: readonly number[];

  constructor(whole: Relation, ignored: ReadonlySet<number>) {
    this.kept = whole.columns.flatMap((_, index) => (ignored.has(index) ? [] : [index]));
    this.keyKept = whole.key.flatMap((index, position) => (ignored.has(index) ? [] : [position]));
    this.relation = {
      ...whole,
      columns: whole.columns.filter((_, index) => !ignored.has(index)),
      key: this.keyKept.map((position) => this.kept.indexOf(whole.key[position] ?? -1)),
    };
  }

  row(row: Row): Row {
    return this.kept.map((index) => row[index] ?? null);
  }

  change(change: RowChange): RowChange {
    const { relation } = this;
    switch (change.kind) {
      case 'insert':
        return { kind: 'insert', relation, after: this.row(change.after) };
      case 'update':
        return { kind: 'update', relation, key: this.key(change.key), after: this.row(change.after) };
      case 'delete':
        return { kind: 'delete', relation, key: this.key(change.key) };
    }
  }

  private key(key: Row): Row {
    return this.keyKept.map((position) => key[position] ?? null);
  }
}

/** The changes as they are written. */
export function project(changes: Changes, projections: ReadonlyMap<Relation, Projection>): Changes {
  if (projections.size === 0) return changes;
  return Array.from(changes, (change) => {
    if (change.kind === 'message') return change;
    if (change.kind !== 'truncate') return projections.get(change.relation)?.change(change) ?? change;
    return { ...change, relations: change.relations.map((one) => projections.get(one)?.relation ?? one) };
  });
}

export const projectedCopy = (copy: TableCopy, projection: Projection): TableCopy => ({
  lanes: copy.lanes,
  write: (rows) => copy.write(Array.from(rows, (row) => projection.row(row))),
  finish: () => copy.finish(),
  close: () => copy.close(),
});
