import { Pg2anyError } from '../model/error.ts';
import { quoteTable } from '../model/quote.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';

const unnamed = ({ identity, replicaIdentity }: Relation): boolean =>
  replicaIdentity === 'nothing' || identity === 'none';

/**
 * PostgreSQL refuses UPDATE and DELETE on a published table without a replica identity, to everybody: no publication of
 * ours brings that about. Throws TABLE_UNSUITABLE with the SQL to run.
 * https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
 */
export function refuseHarm(tables: readonly SourceTable[], chosen: readonly string[] | null): void {
  const harmed = tables
    .map(({ relation }) => relation)
    .filter((relation) => (chosen?.includes(relationName(relation)) ?? true) && unnamed(relation));
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
