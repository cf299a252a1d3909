import type { RecordEncoder } from '../encoding/encoding.ts';
import type { Native } from '../encoding/native.ts';
import { recordTopic } from '../encoding/record-schemas.ts';
import type { TransactionCounts } from '../encoding/transaction-counts.ts';
import type { EventOptions } from '../options.ts';
import type { Event } from './table-events.ts';

/** The topic that says where source transactions begin and end; null where there is none. */
export const transactionTopicOf = (
  options: Pick<EventOptions, 'format' | 'transactions' | 'transactionTopic' | 'prefix'>,
): string | null => (options.transactions === 'topic' ? recordTopic('transaction', options) : null);

/**
 * BEGIN and END of source transactions as Debezium writes them. Pure.
 * https://debezium.io/documentation/reference/connectors/postgresql.html#postgresql-transaction-boundaries
 */
export class TransactionEvents {
  private readonly topic: string;
  private readonly encoder: () => RecordEncoder;

  constructor(topic: string, encoder: () => RecordEncoder) {
    this.topic = topic;
    this.encoder = encoder;
  }

  /** `time`: of the commit, ms since the epoch. */
  begin(counts: TransactionCounts, time: number): Event {
    return this.event('BEGIN', counts, { event_count: null, data_collections: null }, time);
  }

  end(counts: TransactionCounts, time: number): Event {
    const collections = [...counts.collections].map(([name, count]) => ({ data_collection: name, event_count: count }));
    return this.event('END', counts, { event_count: counts.total, data_collections: collections }, time);
  }

  private event(
    status: 'BEGIN' | 'END',
    { id }: TransactionCounts,
    counted: { readonly [field: string]: Native },
    time: number,
  ): Event {
    const { key, value } = this.encoder();
    const bytes = key({ id });
    return {
      op: status,
      topic: this.topic,
      key: bytes,
      value: value({ status, id, ...counted, ts_ms: Math.floor(time) }),
      route: bytes,
    };
  }
}
