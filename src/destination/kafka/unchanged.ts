import type { Finding } from '../../model/finding.ts';
import { quoteTable } from '../../model/quote.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import { type Family, family } from '../values/family.ts';
import { type CodingOptions, fieldOf } from './encoding/fields.ts';

/**
 * Types whose values PostgreSQL stores apart when they are large, and then does not send with an update that leaves them
 * alone. Numerics are too, but only where those of a row take kilobytes: a warning for each would be noise.
 * https://www.postgresql.org/docs/current/storage-toast.html
 */
const STORED_APART: ReadonlySet<Family> = new Set<Family>(['array', 'vector', 'geometry']);

/** Columns with values that may not be sent and that no placeholder can stand for. */
function withoutPlaceholder(relation: Relation, options: CodingOptions): readonly string[] {
  const { columns, key, identity, replicaIdentity } = relation;
  // without any identity PostgreSQL takes no updates
  if (replicaIdentity === 'full' || identity === 'none') return [];
  return columns.flatMap((column, at) => {
    if (key.includes(at) || !STORED_APART.has(family(column.type))) return [];
    return fieldOf(column, options, false).unavailable === null ? [`${column.name} (${column.type.display})`] : [];
  });
}

/** An update that leaves such a value alone would stop the pipeline. */
export function inspectUnchanged(relations: readonly Relation[], options: CodingOptions): Finding[] {
  return relations.flatMap((relation): Finding[] => {
    const columns = withoutPlaceholder(relation, options);
    if (columns.length === 0) return [];
    const table = relationName(relation);
    return [
      {
        ...{ check: 'kafka_unchanged', severity: 'warn', table },
        message: `${table}: PostgreSQL does not send large values that an update leaves alone, and nothing can stand for one of ${columns.join(', ')}: such an update stops the pipeline`,
        fix: {
          side: 'source',
          sql: [`ALTER TABLE ${quoteTable(relation)} REPLICA IDENTITY FULL`],
          text: 'Let updates carry the whole old row, which costs WAL, or leave the column out of the publication.',
        },
      },
    ];
  });
}
