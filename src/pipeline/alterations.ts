import type { Alteration } from '../model/destination.ts';
import type { Emit } from '../model/event.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Counters } from '../status/counters.ts';

/** Tells what was done to a destination table, each with its SQL, and shows the last of it in the status. */
export function tell(emit: Emit, counters: Counters, relation: Relation, done: readonly Alteration[]): void {
  const table = relationName(relation);
  for (const { event, message, sql } of done) {
    emit({ severity: 'ok', event, message, data: { table, sql } });
    counters.table(table).lastChange = { sql, at: Date.now() };
  }
}
