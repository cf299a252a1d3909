import type { Relation } from '../../../model/relation.ts';
import type { EventOptions } from '../options.ts';
import { envelopeSchema } from './envelope-schema.ts';
import { type Field, fieldOf } from './fields.ts';
import { type ConnectSchema, field, struct } from './schema.ts';
import { schemaName } from './topics.ts';

/** The columns of a table, and what its keys and values look like to Kafka Connect. */
export interface TableSchema {
  readonly fields: readonly Field[];
  /** Null for tables whose rows nothing identifies. */
  readonly key: ConnectSchema | null;
  /** All columns. */
  readonly row: ConnectSchema;
  readonly value: ConnectSchema;
}

type Options = Pick<EventOptions, 'format' | 'encoding' | 'decimals' | 'int64' | 'prefix'>;

/** Named as Debezium names them, `prefix.schema.table.Value`. A flat value is the row alone. */
export function tableSchema(relation: Relation, options: Options): TableSchema {
  const keyed = relation.identity === 'key';
  const fields = relation.columns.map((column, index) =>
    fieldOf(column, options, keyed && relation.key.includes(index)),
  );
  const name = schemaName(options.prefix, relation.schema, relation.name);
  const columns = fields.map(({ schema }) => schema);
  const row = struct(columns, `${name}.Value`);
  const key = relation.key.map((column) => columns[column] ?? field('', { type: 'string', optional: true }));
  return {
    fields,
    key: keyed ? struct(key, `${name}.Key`) : null,
    row,
    value: options.format === 'flat' ? row : envelopeSchema(columns, name),
  };
}
