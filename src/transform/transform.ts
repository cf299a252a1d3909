import type { Relation } from '../model/relation.ts';

/** What becomes of a table, decided once per shape: another target, or null to leave it out. Pure. */
export type Transform = (relation: Relation) => Relation | null;

/** Transforms from left to right; the first null wins. */
export const chain =
  (...transforms: readonly Transform[]): Transform =>
  (relation) =>
    transforms.reduce<Relation | null>((current, transform) => current && transform(current), relation);
