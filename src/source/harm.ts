import { Pg2anyError } from '../model/error.ts';
import { quoteTable } from '../model/quote.ts';
import { hasReplicaIdentity, relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';

/** No publication of ours makes updates fail at the source. Throws TABLE_UNSUITABLE with the SQL to run. */
export function refuseHarm(tables: readonly SourceTable[], chosen: readonly string[] | null): void {
  const harmed = tables
    .map(({ relation }) => relation)
    .filter((relation) => (chosen?.includes(relationName(relation)) ?? true) && !hasReplicaIdentity(relation));
  if (harmed.length === 0) return;
  const [names, one] = [harmed.map(relationName).join(', '), harmed.length === 1];
  const fixes = harmed.map((relation) => `ALTER TABLE ${quoteTable(relation)} REPLICA IDENTITY FULL;`).join('\n');
  throw new Pg2anyError(
    'TABLE_UNSUITABLE',
    `publishing ${names} would make every UPDATE and DELETE there fail: ${one ? 'it has' : 'they have'} no replica identity`,
    {
      hint: `Give ${one ? 'it a primary key' : 'them primary keys'}, or run at the source:\n${fixes}\nOr leave ${one ? 'it' : 'them'} out with CDC_TABLES.`,
    },
  );
}
