import { z } from 'zod';
import {
  DEFAULT_KAFKA,
  KAFKA_ACKS,
  KAFKA_CLEANUP,
  KAFKA_COMPRESSIONS,
  KAFKA_DECIMALS,
  KAFKA_DELIVERIES,
  KAFKA_FORMATS,
  KAFKA_MECHANISMS,
  KAFKA_SECURITY,
  KAFKA_TRANSACTIONS,
} from '../model/kafka.ts';
import { OUTBOX_SETTINGS } from './kafka-outbox-settings.ts';
import { ROUTING_SETTINGS } from './kafka-routing-settings.ts';
import { TLS_SETTINGS } from './kafka-tls-settings.ts';
import { choice, duration, flag, integer, type Kind, kind, name, secretText, size, text } from './kinds.ts';
import { REGISTRY_SETTINGS } from './registry-settings.ts';
import { setting } from './setting.ts';

const BROKER = /^[^\s:/,]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;

const brokers: Kind<readonly string[], readonly string[]> = kind(
  'list of host:port',
  (raw) => raw.split(',').map((item) => item.trim()),
  z.array(z.string().regex(BROKER, 'must be host:port,host:port'), 'must be host:port,host:port'),
);

const PREFIXED = name(
  /^(?:[A-Za-z0-9._-]|\{prefix\}){1,249}$/,
  'may have letters, digits, dots, dashes, underscores and {prefix}',
);
const TOPIC_NAME = name(
  /^[A-Za-z0-9._-]{1,249}$/,
  'may have at most 249 letters, digits, dots, dashes and underscores',
);

/** Kafka as the destination, or as a mirror beside one. */
export const KAFKA_SETTINGS = {
  'kafka.url': setting({
    kind: secretText,
    env: ['CDC_KAFKA_URL'],
    fallback: null,
    secret: true,
    doc: 'A mirror beside the destination, such as `kafka://host:9092/topic-prefix`: every change goes there too, exactly once, with a checkpoint of its own. Kafka alone is a destination with that URL.',
  }),
  'kafka.password': setting({
    kind: secretText,
    env: ['CDC_KAFKA_PASSWORD'],
    fallback: null,
    secret: true,
    doc: 'Password of the mirror, where its URL has a user and none.',
  }),
  'kafka.brokers': setting({
    kind: brokers,
    env: ['CDC_KAFKA_BROKERS', 'CDC_KAFKA_BOOTSTRAP_SERVERS'],
    fallback: null,
    doc: 'More brokers to begin with, beside the one of the URL.',
  }),
  'kafka.securityProtocol': setting({
    kind: choice(KAFKA_SECURITY),
    env: ['CDC_KAFKA_SECURITY_PROTOCOL'],
    fallback: null,
    fallbackText: 'plaintext, with a user in the URL sasl_plaintext',
    doc: 'As in clients of Kafka. User and password for SASL stand in the URL.',
  }),
  ...TLS_SETTINGS,
  'kafka.saslMechanism': setting({
    kind: choice(KAFKA_MECHANISMS),
    env: ['CDC_KAFKA_SASL_MECHANISM'],
    fallback: 'plain',
    doc: 'How the user logs in.',
  }),
  'kafka.delivery': setting({
    kind: choice(KAFKA_DELIVERIES),
    env: ['CDC_KAFKA_DELIVERY'],
    fallback: 'exactly-once',
    doc: '`exactly-once`: events and checkpoint are one Kafka transaction; consumers read with `isolation.level=read_committed`. `at-least-once`: for brokers without transactions; after a failure events may come again.',
  }),
  'kafka.acks': setting({
    kind: choice(KAFKA_ACKS),
    env: ['CDC_KAFKA_ACKS'],
    fallback: 'all',
    doc: 'Whose word an event needs: `all` replicas in sync, or with `at-least-once` the leader alone (`1`), which then may lose events. `0` would lose them unseen and is not taken.',
  }),
  'kafka.format': setting({
    kind: choice(KAFKA_FORMATS),
    env: ['CDC_KAFKA_FORMAT'],
    fallback: 'debezium',
    doc: "Debezium's envelope, the same with its schema in every event, or the row alone.",
  }),
  ...REGISTRY_SETTINGS,
  'kafka.decimals': setting({
    kind: choice(KAFKA_DECIMALS),
    env: ['CDC_KAFKA_DECIMALS'],
    fallback: 'precise',
    doc: '`precise`: the bytes of Kafka Connect; `string`: text, which also takes NaN and infinity; `number`: JSON numbers with every digit, which many readers round.',
  }),
  'kafka.int64': setting({
    kind: choice(['number', 'string']),
    env: ['CDC_KAFKA_INT64'],
    fallback: 'number',
    doc: '64-bit integers as JSON numbers, which JavaScript rounds above 2^53, or as text.',
  }),
  'kafka.tombstones': setting({
    kind: flag,
    env: ['CDC_KAFKA_TOMBSTONES'],
    fallback: 'true',
    doc: 'Whether an event without a value follows each delete, so that compacted topics forget the key.',
  }),
  'kafka.topicPrefix': setting({
    kind: TOPIC_NAME,
    env: ['CDC_KAFKA_TOPIC_PREFIX'],
    fallback: null,
    fallbackText: 'the path of the URL, else pg2any',
    doc: 'First part of topic names, and `source.name` of the events.',
  }),
  'kafka.sourceDbName': setting({
    kind: text,
    env: ['CDC_KAFKA_SOURCE_DB_NAME'],
    fallback: null,
    fallbackText: 'the source database',
    doc: '`source.db` of the events.',
  }),
  ...ROUTING_SETTINGS,
  'kafka.transactions': setting({
    kind: choice(KAFKA_TRANSACTIONS),
    env: ['CDC_KAFKA_TRANSACTIONS'],
    fallback: 'none',
    doc: "Debezium's transaction metadata: `block` fills `transaction` in the envelope, `topic` also sends BEGIN and END of each source transaction to a topic.",
  }),
  'kafka.transactionTopic': setting({
    kind: PREFIXED,
    env: ['CDC_KAFKA_TRANSACTION_TOPIC'],
    fallback: DEFAULT_KAFKA.transactionTopic,
    doc: 'Where BEGIN and END go with `kafka.transactions` `topic`. Created with one partition.',
  }),
  ...OUTBOX_SETTINGS,
  'kafka.compression': setting({
    kind: choice(KAFKA_COMPRESSIONS),
    env: ['CDC_KAFKA_COMPRESSION'],
    fallback: 'none',
    doc: 'How batches of events are compressed. `snappy` needs the package kafkajs-snappy, `zstd` Node 22.15.',
  }),
  'kafka.partitions': setting({
    kind: integer(1, 10_000),
    env: ['CDC_KAFKA_PARTITIONS'],
    fallback: null,
    fallbackText: "the brokers' num.partitions",
    doc: 'Partitions of topics that are created.',
  }),
  'kafka.replicationFactor': setting({
    kind: integer(1, 100),
    env: ['CDC_KAFKA_REPLICATION_FACTOR'],
    fallback: null,
    fallbackText: "the brokers' default.replication.factor",
    doc: 'Replicas of topics that are created.',
  }),
  'kafka.cleanupPolicy': setting({
    kind: choice(KAFKA_CLEANUP),
    env: ['CDC_KAFKA_CLEANUP_POLICY'],
    fallback: 'delete',
    doc: 'What topics that are created do with old events.',
  }),
  'kafka.checkpointTopic': setting({
    kind: TOPIC_NAME,
    env: ['CDC_KAFKA_CHECKPOINT_TOPIC'],
    fallback: DEFAULT_KAFKA.checkpointTopic,
    doc: 'Compacted topic with one partition that holds the checkpoints of all pipelines.',
  }),
  'kafka.batchSize': setting({
    kind: size(1024, 1 << 30),
    env: ['CDC_KAFKA_BATCH_SIZE'],
    fallback: null,
    fallbackText: 'kafka.maxMessageBytes',
    doc: 'Bytes of events in one request, before compression; never more than `kafka.maxMessageBytes`. What a batch holds beyond that goes in further requests of the same Kafka transaction.',
  }),
  'kafka.lingerMs': setting({
    kind: integer(0, 60_000),
    env: ['CDC_KAFKA_LINGER_MS'],
    fallback: '0',
    doc: 'Milliseconds from the beginning of one Kafka transaction to that of the next, at least: fewer and larger ones under a steady load. After a pause the first change does not wait.',
  }),
  'kafka.transactionTimeout': setting({
    kind: duration(10_000, 86_400_000),
    env: ['CDC_KAFKA_TRANSACTION_TIMEOUT'],
    fallback: '15m',
    doc: 'How long one source transaction may take to be sent. At most transaction.max.timeout.ms of the brokers, whose default this is. Consumers with `read_committed` wait that long for a transaction that a crash left open, unless pg2any is back before.',
  }),
  'kafka.maxMessageBytes': setting({
    kind: size(1024, 1 << 30),
    env: ['CDC_KAFKA_MAX_MESSAGE_BYTES'],
    fallback: '1000000',
    doc: 'Bytes that one event may have. At most max.message.bytes of the topics.',
  }),
};
