import { Pg2anyError } from '../../model/error.ts';
import type { ColumnRules } from '../../model/mapping.ts';
import type { Column, PgType } from '../../model/relation.ts';

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

/** A column, by name where it has one. */
export type Named = Pick<Column, 'type'> & Partial<Pick<Column, 'name'>>;

interface Noted {
  readonly note: string | null;
}

const WRITTEN = /^([a-z]+2?)\s*(?:\(\s*(.*?)\s*\))?$/is;

/**
 * Types that may be asked for, by name in lower case. `reasons`: why others may not, where there is more to say. Gives
 * the coding of a column whose type was chosen, or throws CONFIG_INVALID where that cannot hold its values exactly.
 */
export function choosing<At, Coding extends Noted>(
  types: Readonly<Record<string, Make<At, Coding>>>,
  reasons: Readonly<Record<string, string>>,
) {
  const names = new Map(Object.entries(types).map(([name, make]) => [name.toLowerCase(), make]));
  const unknown = (name: string): string =>
    reasons[name] ?? `supported are ${Object.keys(types).join(', ')}, each as in CREATE TABLE and nothing behind it`;
  return (column: Named, wanted: string, at: At, rules: ColumnRules): Coding => {
    const [, written = '', args] = WRITTEN.exec(wanted.trim()) ?? [];
    const make = names.get(written.toLowerCase());
    if (!make) throw refused(column, wanted, unknown(written.toLowerCase()));
    const made = make({ args: args ?? null, type: column.type, at, rules });
    if (typeof made === 'string') throw refused(column, wanted, made);
    if (made === null) throw refused(column, wanted, `it cannot hold every ${column.type.display} exactly`);
    return { ...made, note: made.note ?? 'a type of your choice' };
  };
}

const refused = (column: Named, wanted: string, why: string): Pg2anyError =>
  new Pg2anyError('CONFIG_INVALID', `the type ${wanted} was chosen for column ${column.name ?? '?'}, but ${why}`);
