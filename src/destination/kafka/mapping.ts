import type { ColumnMapping } from '../../model/destination.ts';
import type { Relation } from '../../model/relation.ts';
import { type CodingOptions, fieldOf } from './fields.ts';

/** How each column is written: its Connect type, and the semantic one where there is one. */
export function mappingOf(relation: Relation, options: CodingOptions): readonly ColumnMapping[] {
  return relation.columns.map((column, index) => {
    const { schema } = fieldOf(column, options, relation.key.includes(index));
    const rounds = schema.type === 'double' && column.type.name === 'numeric';
    return {
      column: column.name,
      sourceType: column.type.display,
      destinationType: schema.name ? `${schema.type} (${schema.name})` : schema.type,
      note: rounds ? 'every digit is sent, but readers that take it for a double round it' : null,
      lossy: null,
    };
  });
}
