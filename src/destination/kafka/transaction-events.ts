import type { EventOptions } from './options.ts';
import { type ConnectSchema, field, plain, struct } from './schema.ts';
import type { Event } from './table-events.ts';
import { safeName } from './topics.ts';
import type { TransactionCounts } from './transaction-counts.ts';

/** https://debezium.io/documentation/reference/connectors/postgresql.html#postgresql-transaction-boundaries */
const KEY_SCHEMA: ConnectSchema = {
  ...struct([field('id', plain('string'))], 'io.debezium.connector.common.TransactionMetadataKey'),
  version: 1,
};

const COLLECTION: ConnectSchema = {
  ...struct([field('data_collection', plain('string')), field('event_count', plain('int64'))], 'event.collection'),
  version: 1,
};

const VALUE_SCHEMA: ConnectSchema = {
  ...struct(
    [
      field('status', plain('string')),
      field('id', plain('string')),
      field('event_count', plain('int64'), true),
      field('data_collections', { type: 'array', items: COLLECTION, optional: true }),
      field('ts_ms', plain('int64')),
    ],
    'io.debezium.connector.common.TransactionMetadataValue',
  ),
  version: 1,
};

/** The topic that says where source transactions begin and end; null where there is none. */
export const transactionTopicOf = ({
  transactions,
  transactionTopic,
  prefix,
}: Pick<EventOptions, 'transactions' | 'transactionTopic' | 'prefix'>): string | null =>
  transactions === 'topic' ? safeName(transactionTopic.replaceAll('{prefix}', prefix)) : null;

/** BEGIN and END of source transactions as Debezium writes them. Pure. */
export class TransactionEvents {
  private readonly topic: string;
  private readonly keyHead: string;
  private readonly valueHead: string;
  private readonly tail: string;

  constructor(topic: string, { format }: Pick<EventOptions, 'format'>) {
    const withSchema = format === 'debezium-schema';
    this.topic = topic;
    this.keyHead = withSchema ? `{"schema":${JSON.stringify(KEY_SCHEMA)},"payload":` : '';
    this.valueHead = withSchema ? `{"schema":${JSON.stringify(VALUE_SCHEMA)},"payload":` : '';
    this.tail = withSchema ? '}' : '';
  }

  /** `time`: of the commit, ms since the epoch. */
  begin(counts: TransactionCounts, time: number): Event {
    return this.event('BEGIN', counts, 'null', 'null', time);
  }

  end(counts: TransactionCounts, time: number): Event {
    const collections = [...counts.collections].map(
      ([name, count]) => `{"data_collection":${JSON.stringify(name)},"event_count":${count}}`,
    );
    return this.event('END', counts, String(counts.total), `[${collections.join(',')}]`, time);
  }

  private event(
    status: 'BEGIN' | 'END',
    { id }: TransactionCounts,
    count: string,
    collections: string,
    time: number,
  ): Event {
    const key = `${this.keyHead}{"id":"${id}"}${this.tail}`;
    const counted = `"event_count":${count},"data_collections":${collections}`;
    const value = `${this.valueHead}{"status":"${status}","id":"${id}",${counted},"ts_ms":${time}}${this.tail}`;
    return { op: status, topic: this.topic, key, value, route: key };
  }
}
