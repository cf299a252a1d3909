import type { RowChange } from '../../model/change.ts';
import type { Row } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';

type Growing =
  | { readonly kind: 'upsert' | 'insert' | 'deleteOne'; readonly target: Target; readonly rows: Row[] }
  | { readonly kind: 'delete'; readonly target: Target; readonly keys: Row[] }
  | { readonly kind: 'patch' | 'patchOne'; readonly target: Target; readonly patches: Patch[] };

/** Changes in the source's order, consecutive ones of a kind and table together. */
export class Sequence {
  private steps: Growing[] = [];

  add(change: RowChange, target: Target): void {
    const keyed = target.relation.identity === 'key';
    switch (change.kind) {
      case 'insert':
        this.rows(keyed ? 'upsert' : 'insert', target).push(change.after);
        return;
      case 'update':
        this.patches(keyed ? 'patch' : 'patchOne', target).push({ key: change.key, after: change.after });
        return;
      case 'delete':
        (keyed ? this.keys(target) : this.rows('deleteOne', target)).push(change.key);
    }
  }

  flush(): Step[] {
    const { steps } = this;
    this.steps = [];
    return steps;
  }

  private rows(kind: 'upsert' | 'insert' | 'deleteOne', target: Target): Row[] {
    const last = this.steps.at(-1);
    if (last && last.kind === kind && last.target === target && 'rows' in last) return last.rows;
    const rows: Row[] = [];
    this.steps.push({ kind, target, rows });
    return rows;
  }

  private keys(target: Target): Row[] {
    const last = this.steps.at(-1);
    if (last?.kind === 'delete' && last.target === target) return last.keys;
    const keys: Row[] = [];
    this.steps.push({ kind: 'delete', target, keys });
    return keys;
  }

  private patches(kind: 'patch' | 'patchOne', target: Target): Patch[] {
    const last = this.steps.at(-1);
    if (last && last.kind === kind && last.target === target && 'patches' in last) return last.patches;
    const patches: Patch[] = [];
    this.steps.push({ kind, target, patches });
    return patches;
  }
}
