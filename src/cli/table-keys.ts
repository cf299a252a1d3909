import type { Relation } from '../model/relation.ts';

/** Columns by which rows are found again; empty without a key. */
export const keyOf = (relation: Relation): string[] =>
  relation.identity === 'key' ? relation.key.map((index) => relation.columns[index]?.name ?? '') : [];

/** Why UPDATE and DELETE would fail once the table is published; null when they work. */
export function identityProblem(relation: Relation): string | null {
  if (relation.identity === 'row') return null;
  if (relation.replicaIdentity === 'nothing') return 'replica identity nothing: updates would fail';
  return relation.identity === 'none' ? 'no key: updates would fail' : null;
}
