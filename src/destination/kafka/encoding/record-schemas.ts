import type { EventOptions } from '../options.ts';
import { type ConnectSchema, field, plain, struct } from './schema.ts';
import { SOURCE_SCHEMA } from './source-block.ts';
import { safeName } from './topics.ts';

/** Records that belong to no table: the boundaries of source transactions, and `pg_logical_emit_message`. */
export type RecordKind = 'transaction' | 'message';

export interface RecordSchemas {
  readonly key: ConnectSchema;
  readonly value: ConnectSchema;
}

type Options = Pick<EventOptions, 'format' | 'prefix' | 'transactionTopic'>;

export const recordTopic = (kind: RecordKind, { prefix, transactionTopic }: Options): string =>
  safeName(kind === 'message' ? `${prefix}.message` : transactionTopic.replaceAll('{prefix}', prefix));

export const recordSchemas = (kind: RecordKind, { format }: Options): RecordSchemas =>
  kind === 'transaction' ? TRANSACTION : { key: MESSAGE_KEY, value: format === 'flat' ? MESSAGE : MESSAGE_VALUE };

const first = (schema: ConnectSchema): ConnectSchema => ({ ...schema, version: 1 });

const COLLECTION = first(
  struct([field('data_collection', plain('string')), field('event_count', plain('int64'))], 'event.collection'),
);

/** https://debezium.io/documentation/reference/connectors/postgresql.html#postgresql-transaction-boundaries */
const TRANSACTION: RecordSchemas = {
  key: first(struct([field('id', plain('string'))], 'io.debezium.connector.common.TransactionMetadataKey')),
  value: first(
    struct(
      [
        field('status', plain('string')),
        field('id', plain('string')),
        field('event_count', plain('int64'), true),
        field('data_collections', { type: 'array', items: COLLECTION, optional: true }),
        field('ts_ms', plain('int64')),
      ],
      'io.debezium.connector.common.TransactionMetadataValue',
    ),
  ),
};

const MESSAGE_KEY = struct([field('prefix', plain('string'), true)], 'io.debezium.connector.postgresql.MessageKey');

const MESSAGE = struct(
  [field('prefix', plain('string'), true), field('content', plain('bytes'), true)],
  'io.debezium.connector.postgresql.Message',
);

/** https://debezium.io/documentation/reference/connectors/postgresql.html#postgresql-message-events */
const MESSAGE_VALUE = struct(
  [
    field('source', SOURCE_SCHEMA),
    field('op', plain('string')),
    ...['ts_ms', 'ts_us', 'ts_ns'].map((one) => field(one, plain('int64'), true)),
    field('message', MESSAGE),
  ],
  'io.debezium.connector.postgresql.MessageValue',
);
