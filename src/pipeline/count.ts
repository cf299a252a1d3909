import type { Changes } from '../model/change.ts';
import { relationName } from '../model/relation.ts';
import type { Counters, TableCounters } from '../status/counters.ts';

/** Adds applied changes to the counters of their tables. */
export function countChanges(counters: Counters, changes: Changes): void {
  let oid = -1;
  let table: TableCounters | null = null;
  for (const change of changes.kept ?? changes) {
    if (change.kind === 'truncate') counters.truncates += 1;
    if (change.kind === 'truncate' || change.kind === 'message') continue;
    if (!table || change.relation.oid !== oid) {
      oid = change.relation.oid;
      table = counters.table(relationName(change.relation));
    }
    if (change.kind === 'inserts') table.inserts += change.rows.length;
    else if (change.kind === 'insert') table.inserts += 1;
    else if (change.kind === 'update') table.updates += 1;
    else table.deletes += 1;
  }
}
