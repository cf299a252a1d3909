import type { Finding } from '../../model/finding.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import { folded, sqliteDialect } from './dialect.ts';

/** Tables that would become one: SQLite ignores case, and the schema is part of the name. */
export function nameCollisions(relations: readonly Relation[]): Finding[] {
  const seen = new Map<string, Relation>();
  const findings: Finding[] = [];
  for (const relation of relations) {
    const { name } = sqliteDialect.place(relation.target);
    const other = seen.get(folded(name));
    if (!other) seen.set(folded(name), relation);
    // equal names are found for every engine
    else if (sqliteDialect.place(other.target).name !== name) findings.push(collision(other, relation, name));
  }
  return findings;
}

const collision = (a: Relation, b: Relation, name: string): Finding => ({
  check: 'destination_names',
  severity: 'block',
  table: relationName(b),
  message: `${relationName(a)} and ${relationName(b)} would share the SQLite table ${name}`,
  fix: { side: 'config', sql: [], text: 'Leave one out with CDC_TABLES, or map its schema elsewhere.' },
});
