import type { KafkaSettings } from '../../model/kafka.ts';

/** What decides how an event looks. */
export type EventOptions = Pick<
  KafkaSettings,
  | 'format'
  | 'decimals'
  | 'int64'
  | 'tombstones'
  | 'prefix'
  | 'database'
  | 'topic'
  | 'partitionBy'
  | 'transactions'
  | 'transactionTopic'
>;
