import type { ColumnMapping } from '../../model/destination.ts';
import type { Relation } from '../../model/relation.ts';
import { type CodingOptions, fieldOf } from './encoding/fields.ts';
import { isOutbox } from './events/outbox.ts';
import type { EventOptions } from './options.ts';

/** How each column is written: its Connect type, and the semantic one where there is one. */
export function mappingOf(relation: Relation, options: CodingOptions): readonly ColumnMapping[] {
  return relation.columns.map((column, index) => {
    const { schema } = fieldOf(column, options, relation.key.includes(index));
    const double = schema.type === 'double' && ['numeric', 'money'].includes(column.type.name);
    const lossy = double && options.encoding === 'avro' ? 'rounded to a double' : null;
    return {
      column: column.name,
      sourceType: column.type.display,
      destinationType: schema.name ? `${schema.type} (${schema.name})` : schema.type,
      note: double && !lossy ? 'every digit is sent, but readers that take it for a double round it' : null,
      lossy,
    };
  });
}

/** How rows of a table are written, for people. */
export function roadOf(relation: Relation, options: EventOptions): string {
  const { format, encoding } = options;
  if (isOutbox(relation, options)) return 'outbox events';
  return encoding === 'json' ? `${format} events` : `${format} events in ${encoding}`;
}
