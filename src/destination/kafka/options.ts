import type { KafkaSettings } from '../../model/kafka.ts';

/** What decides how an event looks. */
export type EventOptions = Pick<
  KafkaSettings,
  | 'format'
  | 'encoding'
  | 'decimals'
  | 'int64'
  | 'tombstones'
  | 'prefix'
  | 'database'
  | 'topic'
  | 'topics'
  | 'partitionBy'
  | 'transactions'
  | 'transactionTopic'
  | 'checkpointTopic'
  | 'maxMessageBytes'
  | 'outbox'
>;

/** Whether values must be what a schema says. */
export const hasSchema = ({ format, encoding }: Pick<EventOptions, 'format' | 'encoding'>): boolean =>
  format === 'debezium-schema' || encoding !== 'json';
