import type { LostValues } from '../../model/destination.ts';
import { type Relation, relationName } from '../../model/relation.ts';

/** Counts values that a policy replaced; told only once they are committed. */
export class Lost {
  private pending = new Map<string, LostValues>();
  private committed = new Map<string, LostValues>();

  add(relation: Relation, column: number): void {
    const name = relation.columns[column]?.name ?? '';
    const one = { table: relationName(relation), column: name, problem: 'PACKET_TOO_LARGE', policy: 'null' } as const;
    count(this.pending, { ...one, count: 1, unkept: true });
  }

  commit(): void {
    for (const one of this.pending.values()) count(this.committed, one);
    this.pending.clear();
  }

  /** What was not committed comes again. */
  reset(): void {
    this.pending.clear();
  }

  take(): readonly LostValues[] {
    const taken = [...this.committed.values()];
    this.committed.clear();
    return taken;
  }
}

function count(all: Map<string, LostValues>, one: LostValues): void {
  const id = JSON.stringify([one.table, one.column]);
  all.set(id, { ...one, count: (all.get(id)?.count ?? 0) + one.count });
}
