import { hasReplicaIdentity, type Relation } from '../model/relation.ts';

/** Columns by which rows are found again; empty without a key. */
export const keyOf = (relation: Relation): string[] =>
  relation.identity === 'key' ? relation.key.map((index) => relation.columns[index]?.name ?? '') : [];

/** Why UPDATE and DELETE would fail once the table is published; null when they work. */
export function identityProblem(relation: Relation): string | null {
  if (hasReplicaIdentity(relation)) return null;
  return relation.replicaIdentity === 'nothing'
    ? 'replica identity nothing: updates would fail'
    : 'no key: updates would fail';
}
