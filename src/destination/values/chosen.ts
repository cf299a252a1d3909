import type { ColumnRules } from '../../model/mapping.ts';
import type { PgType } from '../../model/relation.ts';

/** A type as the configuration asks for it, and the column it is for; `At`: what an engine knows of its place. */
export interface Chosen<At> {
  /** What stood in parentheses; null without them. */
  readonly args: string | null;
  readonly type: PgType;
  readonly at: At;
  readonly rules: ColumnRules;
}

/** Gives the coding, or null where the type cannot hold every value or find it again, or in words what is wrong. */
export type Make<At, Coding> = (chosen: Chosen<At>) => Coding | string | null;

/** One whole number within these bounds; null where it is something else. */
export function size(args: string | null, min: number, max: number): number | null {
  const value = args !== null && /^\d{1,6}$/.test(args) ? Number(args) : Number.NaN;
  return value >= min && value <= max ? value : null;
}

/** For types that take nothing in parentheses. */
export const bare =
  <At, Coding>(make: Make<At, Coding>): Make<At, Coding> =>
  (chosen) =>
    chosen.args === null ? make(chosen) : 'it takes nothing in parentheses';
