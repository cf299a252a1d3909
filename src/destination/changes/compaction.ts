import type { Insert, RowChange, Update } from '../../model/change.ts';
import { type Row, UNCHANGED, type Value } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';
import { keyOf } from '../refusal.ts';
import { RowsAfter } from './rows.ts';

/** PostgreSQL text never holds U+0000, so joined keys stay distinct. */
const text = (key: Row): string => (key.length === 1 ? String(key[0]) : key.join('\u0000'));

const whole = (row: Row): boolean => !row.includes(UNCHANGED);

/** `after` over `before`: where `after` says UNCHANGED, what was before. */
const merged = (before: Row, after: Row): Row =>
  after.map((value, index): Value => (value === UNCHANGED ? (before[index] ?? null) : value));

/**
 * The changes of one keyed table, reduced to the last state of each key: deleted, whole row, or some columns. The sets
 * may be applied in any order of their keys, deletes first: keys that differ as text but not at the destination (1.0
 * and 1.00) never stand in the source at the same time.
 */
export class Compaction {
  private readonly target: Target;
  /** By key: the one change that is left of all. */
  private readonly entries = new Map<string, RowChange>();

  constructor(target: Target) {
    this.target = target;
  }

  /** Returns steps that must be performed now: what is pending, then a change that cannot be reduced. */
  add(change: RowChange): readonly Step[] {
    if (change.kind === 'update') return this.update(change);
    const key = change.key ?? keyOf(this.target.relation, (change as Insert).after);
    this.entries.set(text(key), change);
    return [];
  }

  /** The pending sets, as at most three steps. Nothing is pending afterwards. */
  flush(): Step[] {
    const { target } = this;
    const keys: Row[] = [];
    const rows: (Insert | Update)[] = [];
    const patches: Patch[] = [];
    for (const change of this.entries.values()) {
      if (change.kind === 'delete') keys.push(change.key);
      else if (change.kind === 'insert' || change.whole || whole(change.after)) rows.push(change);
      else patches.push(change);
    }
    this.entries.clear();
    const steps: Step[] = [];
    if (keys.length > 0) steps.push({ kind: 'delete', target, keys });
    if (rows.length > 0) steps.push({ kind: 'upsert', target, rows: new RowsAfter(rows) });
    if (patches.length > 0) steps.push({ kind: 'patch', target, patches });
    return steps;
  }

  /** The table was emptied: nothing from before matters. */
  clear(): void {
    this.entries.clear();
  }

  private update(change: Update): readonly Step[] {
    const { relation } = this.target;
    const key = text(change.key);
    if (change.whole) {
      this.entries.set(key, change);
      return [];
    }
    const before = this.entries.get(key);
    const after = before && before.kind !== 'delete' ? merged(before.after, change.after) : change.after;
    const next = text(keyOf(relation, after));
    if (next !== key && !whole(after)) return this.move(change.key, after);
    if (next !== key) this.entries.set(key, { kind: 'delete', relation, key: change.key });
    this.entries.set(next, { kind: 'update', relation, key: change.key, after });
    return [];
  }

  /** The key changes and some values are only at the destination: the row itself has to move, in order. */
  private move(key: Row, after: Row): readonly Step[] {
    this.entries.delete(text(key));
    return [...this.flush(), { kind: 'patch', target: this.target, patches: [{ key, after }] }];
  }
}
