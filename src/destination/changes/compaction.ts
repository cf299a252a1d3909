import type { Insert, Inserts, RowChange, Update } from '../../model/change.ts';
import { type Row, UNCHANGED, type Value } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';
import { keyOf } from '../refusal.ts';
import { rowsAfter } from './rows.ts';

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
  /**
   * As long as there are inserts only, they are not looked at: each has a key of its own. (In a publication without
   * deletes a key may come twice; then the later row wins, as an upsert has it.)
   */
  private inserts: (Insert | Inserts)[] = [];
  /** By key: the one change that is left of all. Empty while `inserts` is not. */
  private readonly entries = new Map<string, RowChange>();

  constructor(target: Target) {
    this.target = target;
  }

  /** Returns steps that must be performed now: what is pending, then a change that cannot be reduced. */
  add(change: RowChange | Inserts): readonly Step[] {
    if ((change.kind === 'insert' || change.kind === 'inserts') && this.entries.size === 0) {
      this.inserts.push(change);
      return [];
    }
    this.index();
    if (change.kind === 'update') return this.update(change);
    if (change.kind === 'inserts') this.enter(change);
    else this.entries.set(text(change.kind === 'delete' ? change.key : this.keyOf(change)), change);
    return [];
  }

  /** The pending sets, as at most three steps. Nothing is pending afterwards. */
  flush(): Step[] {
    const { target } = this;
    const keys: Row[] = [];
    const rows: (Insert | Update | Inserts)[] = this.inserts;
    this.inserts = [];
    const patches: Patch[] = [];
    for (const change of this.entries.values()) {
      if (change.kind === 'delete') keys.push(change.key);
      else if (change.kind === 'insert' || change.whole || whole(change.after)) rows.push(change);
      else patches.push(change);
    }
    this.entries.clear();
    const steps: Step[] = [];
    if (keys.length > 0) steps.push({ kind: 'delete', target, keys });
    if (rows.length > 0) steps.push({ kind: 'upsert', target, rows: rowsAfter(rows) });
    if (patches.length > 0) steps.push({ kind: 'patch', target, patches });
    return steps;
  }

  /** The table was emptied: nothing from before matters. */
  clear(): void {
    this.inserts = [];
    this.entries.clear();
  }

  /** From here on the inserts may be changed, too. */
  private index(): void {
    for (const insert of this.inserts) this.enter(insert);
    this.inserts = [];
  }

  private enter(inserts: Insert | Inserts): void {
    if (inserts.kind === 'insert') this.entries.set(text(this.keyOf(inserts)), inserts);
    else for (const insert of inserts.singles()) this.entries.set(text(this.keyOf(insert)), insert);
  }

  private keyOf(insert: Insert): Row {
    return insert.key ?? keyOf(this.target.relation, insert.after);
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
