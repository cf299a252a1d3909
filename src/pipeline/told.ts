import type { ColumnDefaults, Destination, Prepared } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import { type Relation, relationName } from '../model/relation.ts';

/** What the source tells of values that the stream does not have. */
export interface Untold {
  /** What existing rows hold in columns that were added with a default. */
  readonly missingValues: (relation: Relation) => Promise<ColumnDefaults>;
  /** Whether any row has a value in this column by now. */
  readonly hasValues: (relation: Relation, attnum: number) => Promise<boolean>;
  /** Has the table copied again because of these columns; gives what to throw. */
  readonly copyAgain: (relation: Relation, columns: readonly number[]) => Promise<Pg2anyError>;
}

/**
 * Prepares the table for rows of this relation. Where no row of the source has a value in a column by now, those that
 * were there before it hold NULL, or what a later change of the stream gives them. `earlier`: rows of an earlier shape
 * are still to be written, so that a table without rows says nothing.
 */
export async function prepareTold(
  destination: Destination,
  relation: Relation,
  untold: Untold,
  earlier: boolean,
): Promise<Prepared> {
  const values = await untold.missingValues(relation);
  assertKept(relation, values);
  const done = await destination.prepare(relation, values);
  if (!done.unsent) return done;
  const { columns, empty } = done.unsent;
  const lost: number[] = [];
  if (!empty || earlier) for (const attnum of columns) if (await untold.hasValues(relation, attnum)) lost.push(attnum);
  if (lost.length > 0) throw await untold.copyAgain(relation, lost);
  return await destination.prepare(relation, new Map([...values, ...nulls(columns)]));
}

/** A rewrite since the table was described: looked at again, the column is one whose values nobody sent. */
function assertKept(relation: Relation, values: ColumnDefaults): void {
  const gone = relation.columns.find(({ filled, attnum }) => filled && attnum !== null && !values.has(attnum));
  if (gone)
    throw new Pg2anyError('STREAM_RESTART', `${relationName(relation)} was written again while it was looked at`);
}

/** For a table that is copied next: what its rows hold now does not matter. */
export const toBeCopied = ({ columns }: Relation): ColumnDefaults =>
  new Map(nulls(columns.flatMap(({ attnum, unfilled }) => (unfilled && attnum !== null ? [attnum] : []))));

const nulls = (columns: readonly number[]): (readonly [number, null])[] => columns.map((attnum) => [attnum, null]);
