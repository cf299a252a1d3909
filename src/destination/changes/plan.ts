import type { Change, Changes, Inserts, RowChange } from '../../model/change.ts';
import type { Relation } from '../../model/relation.ts';
import type { Step, Target } from '../contract.ts';
import { Compaction } from './compaction.ts';
import { Sequence } from './sequence.ts';

type Pending = Compaction | Sequence;

/**
 * What a session has to do for these changes, in order. Keyed tables are compacted: per key the last write wins. Tables
 * where that could clash (no key, further unique indexes, foreign keys, triggers) keep the source's order; those that
 * are tied to each other keep it across all of them. Pure.
 */
export function plan(changes: Changes, targetOf: (relation: Relation) => Target): Step[] {
  const planner = new Planner(targetOf);
  for (const change of changes.kept ?? changes) planner.add(change);
  return planner.finish();
}

class Planner {
  private readonly targetOf: (relation: Relation) => Target;
  private readonly pending = new Map<Relation, { readonly target: Target; readonly changes: Pending }>();
  private readonly shared = new Sequence();
  private readonly steps: Step[] = [];
  private last: Relation | null = null;
  private lastPending: { readonly target: Target; readonly changes: Pending } | null = null;

  constructor(targetOf: (relation: Relation) => Target) {
    this.targetOf = targetOf;
  }

  add(change: Change | Inserts): void {
    if (change.kind === 'message') return;
    if (change.kind === 'truncate') this.empty(change.relations);
    else this.row(change);
  }

  finish(): Step[] {
    for (const { changes } of this.pending.values()) if (changes !== this.shared) this.push(changes.flush());
    this.push(this.shared.flush());
    return this.steps;
  }

  private row(change: RowChange | Inserts): void {
    const { target, changes } = this.of(change.relation);
    if (changes instanceof Compaction) this.push(changes.add(change));
    else for (const one of change.kind === 'inserts' ? change.singles() : [change]) changes.add(one, target);
  }

  /** What is pending for an emptied table is void; what is tied to others has to happen first. */
  private empty(relations: readonly Relation[]): void {
    const targets = relations.map((relation) => this.of(relation));
    for (const { changes } of targets) {
      if (changes === this.shared) this.push(changes.flush());
      else if (changes instanceof Compaction) changes.clear();
      else changes.flush();
    }
    this.steps.push({ kind: 'empty', targets: targets.map(({ target }) => target) });
  }

  private of(relation: Relation): { readonly target: Target; readonly changes: Pending } {
    if (relation === this.last && this.lastPending) return this.lastPending;
    let entry = this.pending.get(relation);
    if (!entry) {
      const target = this.targetOf(relation);
      const changes = !target.ordered ? new Compaction(target) : target.ordered.shared ? this.shared : new Sequence();
      entry = { target, changes };
      this.pending.set(relation, entry);
    }
    this.last = relation;
    this.lastPending = entry;
    return entry;
  }

  private push(steps: readonly Step[]): void {
    for (const step of steps) this.steps.push(step);
  }
}
