import type { Preview } from '../../model/destination.ts';
import { ZERO_LSN } from '../../model/lsn.ts';
import type { Relation } from '../../model/relation.ts';
import type { Row } from '../../model/value.ts';
import { jsonMembers } from './encoding/json-members.ts';
import type { Position } from './encoding/source-block.ts';
import { Events } from './events/events.ts';
import { isOutbox } from './events/outbox.ts';
import type { Event } from './events/table-events.ts';
import { type EventOptions, hasSchema } from './options.ts';

const AT: Position = { xid: null, lsn: ZERO_LSN, previous: null, time: 0, counts: null };

/**
 * Events of the initial copy, for people: topic, key, and what the row becomes, value by value. What stands around it is
 * the same for every row and left out; with Avro it is the same values as JSON. Asks no registry. Throws as events do.
 */
export function previewOf(relation: Relation, rows: readonly Row[], options: EventOptions): Preview {
  const plain: EventOptions = { ...options, format: 'flat', encoding: hasSchema(options) ? 'json-schema' : 'json' };
  const table = new Events(plain).prepare(relation);
  const columns = relation.columns.map(({ name }) => name);
  const outbox = isOutbox(relation, options);
  const shown = rows.map((row) => table.read(row, AT, 0)).flatMap((event) => (event ? [event] : []));
  return {
    fields: ['topic', 'key', ...(outbox ? ['headers', 'value'] : columns)],
    rows: shown.map((event) => [
      event.topic,
      textOf(event.key),
      ...(outbox ? [headersOf(event), textOf(event.value)] : values(event, columns)),
    ]),
  };
}

const textOf = (bytes: Event['value']): string | null => (bytes === null ? null : String(bytes));

const headersOf = ({ headers = {} }: Event): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

function values({ value }: Event, columns: readonly string[]): (string | null)[] {
  const members = jsonMembers(String(value));
  return columns.map((name) => members?.get(name) ?? null);
}
