import type { RowChange } from '../model/change.ts';
import { type Row, UNCHANGED, type Value } from '../model/value.ts';
import type { Patch, Step, Target } from './contract.ts';
import { keyOf } from './refusal.ts';

type Entry =
  | { readonly kind: 'delete'; readonly key: Row }
  | { readonly kind: 'upsert'; readonly key: Row; readonly after: Row }
  | { readonly kind: 'patch'; readonly key: Row; readonly after: Row };

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
  private readonly entries = new Map<string, Entry>();

  constructor(target: Target) {
    this.target = target;
  }

  /** Returns steps that must be performed now: what is pending, then a change that cannot be reduced. */
  add(change: RowChange): readonly Step[] {
    if (change.kind === 'insert') return this.put(keyOf(this.target.relation, change.after), change.after);
    if (change.kind === 'update') return this.update(change.key, change.after);
    this.entries.set(text(change.key), { kind: 'delete', key: change.key });
    return [];
  }

  /** The pending sets, as at most three steps. Nothing is pending afterwards. */
  flush(): Step[] {
    const { target } = this;
    const keys: Row[] = [];
    const rows: Row[] = [];
    const patches: Patch[] = [];
    for (const entry of this.entries.values()) {
      if (entry.kind === 'delete') keys.push(entry.key);
      else if (entry.kind === 'upsert') rows.push(entry.after);
      else patches.push(entry);
    }
    this.entries.clear();
    const steps: Step[] = [];
    if (keys.length > 0) steps.push({ kind: 'delete', target, keys });
    if (rows.length > 0) steps.push({ kind: 'upsert', target, rows });
    if (patches.length > 0) steps.push({ kind: 'patch', target, patches });
    return steps;
  }

  /** The table was emptied: nothing from before matters. */
  clear(): void {
    this.entries.clear();
  }

  private put(key: Row, after: Row): readonly Step[] {
    this.entries.set(text(key), { kind: 'upsert', key, after });
    return [];
  }

  private update(key: Row, after: Row): readonly Step[] {
    const next = keyOf(this.target.relation, after);
    const before = this.entries.get(text(key));
    const known = before && before.kind !== 'delete' ? merged(before.after, after) : after;
    if (text(next) === text(key)) {
      const kind = whole(known) ? 'upsert' : 'patch';
      this.entries.set(text(key), { kind, key, after: known });
      return [];
    }
    if (!whole(known)) return this.move(key, known);
    this.entries.set(text(key), { kind: 'delete', key });
    return this.put(next, known);
  }

  /** The key changes and some values are only at the destination: the row itself has to move, in order. */
  private move(key: Row, after: Row): readonly Step[] {
    this.entries.delete(text(key));
    return [...this.flush(), { kind: 'patch', target: this.target, patches: [{ key, after }] }];
  }
}
