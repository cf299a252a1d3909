import type { ColumnDefaults } from '../../model/destination.ts';
import type { ValueRules } from '../../model/mapping.ts';
import type { Relation } from '../../model/relation.ts';
import { adjustDefault, type Lost } from '../changes/adjust.ts';
import type { ColumnCodec } from '../contract.ts';

/** What rows from before show in columns that were added, as far as the policies let it. */
export interface Fills {
  /** PostgreSQL text by attribute number; absent: NULL. */
  readonly values: ColumnDefaults;
  /** What was replaced, by index into `relation.columns`. */
  readonly lost: ReadonlyMap<number, Lost>;
}

/** Defaults that no policy replaces stay as they are, held or not. Pure. */
export function fillsOf(
  rules: ValueRules,
  relation: Relation,
  codecs: readonly ColumnCodec[],
  defaults: ColumnDefaults,
): Fills {
  const values = new Map(defaults);
  const lost = new Map<number, Lost>();
  relation.columns.forEach(({ attnum }, index) => {
    const codec = codecs[index];
    const text = attnum === null ? undefined : defaults.get(attnum);
    if (attnum === null || text === undefined || !codec) return;
    const adjusted = adjustDefault(rules, relation, [index, codec], text);
    if (adjusted.lost) lost.set(index, adjusted.lost);
    if (adjusted.fill === null) values.delete(attnum);
    else values.set(attnum, adjusted.fill);
  });
  return { values, lost };
}
