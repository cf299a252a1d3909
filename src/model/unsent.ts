import { Pg2anyError } from './error.ts';
import { type Relation, relationName } from './relation.ts';

export const COPY_AGAIN =
  'Copy the table again: drop it at the destination, delete its line from pg2any_tables there, and start again.';

/** Columns (by attribute number) that were added with values which nobody sent: only another copy has them. */
export function unsentValues(relation: Relation, columns: readonly number[]): Pg2anyError {
  const message = `${unsentReason(relation, columns)}; its destination table would have NULL in the rows that are there`;
  return new Pg2anyError('SCHEMA_CHANGED', message, { hint: COPY_AGAIN });
}

export function unsentReason(relation: Relation, columns: readonly number[]): string {
  const names = relation.columns.flatMap(({ name, attnum }) => (columns.includes(attnum ?? 0) ? [name] : []));
  const which = names.length === 1 ? `column ${names[0]} was` : `columns ${names.join(', ')} were`;
  return `${which} added to ${relationName(relation)} with a value of its own in every row, which the stream does not tell`;
}
