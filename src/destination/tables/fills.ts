import type { ColumnDefaults } from '../../model/destination.ts';
import type { ValueRules } from '../../model/mapping.ts';
import type { Relation } from '../../model/relation.ts';
import { adjustDefault, type Lost } from '../changes/adjust.ts';
import type { ColumnCodec } from '../contract.ts';

/** What rows from before show in columns that were added, as far as the policies let it. */
export interface Fills {
  /** PostgreSQL text by attribute number. A policy that puts NULL there gives null, which is not absent. */
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
    const text = attnum === null ? null : (defaults.get(attnum) ?? null);
    if (attnum === null || text === null || !codec) return;
    const adjusted = adjustDefault(rules, relation, [index, codec], text);
    if (adjusted.lost) lost.set(index, adjusted.lost);
    values.set(attnum, adjusted.fill);
  });
  return { values, lost };
}

/** The rows that are there hold NULL in these columns (by attribute number), or it does not matter. */
export const withNulls = (fills: Fills, columns: readonly number[]): Fills => ({
  ...fills,
  values: new Map([...fills.values, ...columns.map((attnum) => [attnum, null] as const)]),
});
