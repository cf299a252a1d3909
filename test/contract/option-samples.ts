import type { ColumnOverride, ProblemClass } from '../../src/model/mapping.ts';
import type { PgType } from '../../src/model/relation.ts';
import { pgType } from '../support/relations.ts';

/** A column with a choice, and what becomes of values there. */
export interface OptionCase {
  readonly type: PgType;
  readonly own: ColumnOverride;
  /** PostgreSQL's text, and what the destination prints. */
  readonly kept: readonly (readonly [pgText: string, there: string])[];
  readonly refused: readonly (readonly [pgText: string, problem: ProblemClass])[];
  /** What the column says it is. */
  readonly ddl?: RegExp;
}

export const chosen = (type: string): ColumnOverride => ({ type });
export const same = (...texts: string[]): [string, string][] => texts.map((text) => [text, text]);
export const numeric = (precision: number, scale: number): PgType => pgType('numeric', ((precision << 16) | scale) + 4);
export const mood: PgType = {
  ...pgType('mood'),
  schema: 'public',
  kind: 'enum',
  enumLabels: ['sad', 'OK', 'ok', '2', "it's", 'back\\slash', ''],
};
export const ints: PgType = { ...pgType('_int4'), kind: 'array', element: pgType('int4') };
