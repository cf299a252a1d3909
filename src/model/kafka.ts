import { DEFAULT_OUTBOX, type OutboxSettings } from './outbox.ts';

/** How events are written: Debezium's envelope without or with its schema, or the row alone. */
export const KAFKA_FORMATS = ['debezium', 'debezium-schema', 'flat'] as const;

/** How events become bytes: JSON, or Avro or JSON with a schema that stands in a schema registry. */
export const KAFKA_ENCODINGS = ['json', 'avro', 'json-schema'] as const;

/** How decimals are written: as Kafka Connect's Decimal (bytes), as text, or as JSON numbers with all their digits. */
export const KAFKA_DECIMALS = ['precise', 'string', 'number'] as const;

/**
 * `exactly-once`: events and checkpoint in one Kafka transaction. `at-least-once`: for brokers without transactions;
 * after a failure events may come again.
 */
export const KAFKA_DELIVERIES = ['exactly-once', 'at-least-once'] as const;

export const KAFKA_SECURITY = ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'] as const;
export const KAFKA_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export const KAFKA_COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
/** Whose word an event needs: that of all replicas in sync, or of the leader alone, which may lose it. */
export const KAFKA_ACKS = ['all', '1'] as const;

export const KAFKA_CLEANUP = ['delete', 'compact', 'compact,delete'] as const;

/**
 * What events say of their transaction beside headers: nothing, Debezium's `transaction` block in the envelope, or that
 * and a topic with the beginning and end of each.
 */
export const KAFKA_TRANSACTIONS = ['none', 'block', 'topic'] as const;

/** The subject of a schema: `<topic>-key` and `-value`, the record's name, or both. */
export const KAFKA_SUBJECTS = ['topic', 'record', 'topic-record'] as const;

/** A schema registry that speaks as Confluent's. */
export interface RegistrySettings {
  /** Without credentials. Any of them will do; the first that answers is asked. */
  readonly urls: readonly URL[];
  readonly user: string | null;
  readonly password: string | null;
  /** Sent as a bearer token, in place of user and password. */
  readonly token: string | null;
  /** PEM file. */
  readonly sslCa: string | null;
  /** Otherwise schemas must be there. */
  readonly autoRegister: boolean;
  readonly subject: (typeof KAFKA_SUBJECTS)[number];
}

/** What is configured for Kafka beside the address. */
export interface KafkaSettings {
  /** `host:port` of brokers beside the one of the URL. */
  readonly brokers: readonly string[];
  readonly security: (typeof KAFKA_SECURITY)[number];
  /** PEM files. */
  readonly sslCa: string | null;
  readonly sslCert: string | null;
  readonly sslKey: string | null;
  readonly mechanism: (typeof KAFKA_MECHANISMS)[number];
  readonly delivery: (typeof KAFKA_DELIVERIES)[number];
  readonly format: (typeof KAFKA_FORMATS)[number];
  readonly encoding: (typeof KAFKA_ENCODINGS)[number];
  /** Null where events need none. */
  readonly registry: RegistrySettings | null;
  readonly decimals: (typeof KAFKA_DECIMALS)[number];
  readonly int64: 'number' | 'string';
  readonly tombstones: boolean;
  /** First part of topic names, and `source.name` in the envelope. */
  readonly prefix: string;
  /** `source.db` in the envelope. */
  readonly database: string;
  /** With `{prefix}`, `{schema}` and `{table}`. */
  readonly topic: string;
  /** By `schema.table`: the topic, in place of that of `topic`. With `{prefix}`. */
  readonly topics: ReadonlyMap<string, string>;
  /** By `schema.table`: the column whose value chooses the partition, in place of the key. */
  readonly partitionBy: ReadonlyMap<string, string>;
  readonly transactions: (typeof KAFKA_TRANSACTIONS)[number];
  /** With `{prefix}`. */
  readonly transactionTopic: string;
  readonly outbox: OutboxSettings;
  readonly compression: (typeof KAFKA_COMPRESSIONS)[number];
  /** Of topics that are created; null leaves it to the broker. */
  readonly partitions: number | null;
  readonly replication: number | null;
  readonly cleanup: (typeof KAFKA_CLEANUP)[number];
  readonly acks: (typeof KAFKA_ACKS)[number];
  /** Bytes of events in one request. */
  readonly batchBytes: number;
  /** A Kafka transaction, or what stands for one, begins at the earliest so many ms after the last one. */
  readonly lingerMs: number;
  /** So long a Kafka transaction, and with it a source transaction, may take to be sent. */
  readonly transactionMs: number;
  readonly checkpointTopic: string;
  /** Bytes that one event may have; what the topics take at most. */
  readonly maxMessageBytes: number;
}

export const DEFAULT_KAFKA: KafkaSettings = {
  brokers: [],
  security: 'plaintext',
  sslCa: null,
  sslCert: null,
  sslKey: null,
  mechanism: 'plain',
  delivery: 'exactly-once',
  format: 'debezium',
  encoding: 'json',
  registry: null,
  decimals: 'precise',
  int64: 'number',
  tombstones: true,
  prefix: 'pg2any',
  database: '',
  topic: '{prefix}.{schema}.{table}',
  topics: new Map(),
  partitionBy: new Map(),
  transactions: 'none',
  transactionTopic: '{prefix}.transaction',
  outbox: DEFAULT_OUTBOX,
  compression: 'none',
  partitions: null,
  replication: null,
  cleanup: 'delete',
  acks: 'all',
  batchBytes: 1_000_000,
  lingerMs: 0,
  transactionMs: 900_000,
  checkpointTopic: 'pg2any.checkpoint',
  maxMessageBytes: 1_000_000,
};
