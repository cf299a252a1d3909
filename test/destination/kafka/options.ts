import type { EventOptions } from '../../../src/destination/kafka/options.ts';
import { DEFAULT_KAFKA } from '../../../src/model/kafka.ts';
import type { Column, Relation } from '../../../src/model/relation.ts';
import { pgType, relation } from '../../support/relations.ts';

export const eventOptions = (more: Partial<EventOptions> = {}): EventOptions => ({
  ...DEFAULT_KAFKA,
  prefix: 'PostgreSQL_server',
  database: 'postgres',
  ...more,
});

/** The table of Debezium's documentation: an int4 key and three columns that are NOT NULL. */
export function customers(): Relation {
  const table = relation('customers', ['id int4', 'first_name', 'last_name', 'email'], ['id']);
  const columns = table.columns.map((column): Column => ({ ...column, notNull: true }));
  return { ...table, schema: 'inventory', columns };
}

export const typed = (name: string, type: string, typmod = -1): Column => ({
  name,
  type: pgType(type, typmod),
  notNull: false,
  attnum: null,
});
