import { DEFAULT_KAFKA, type KafkaSettings } from '../model/kafka.ts';
import { outboxSettings } from './kafka-outbox.ts';
import { problemOf, type ResolvedMap } from './pieces.ts';
import { registryProblems, registrySettings } from './registry.ts';
import type { Key, Values } from './settings.ts';

/** What Kafka is told beside its URL. */
export function kafkaSettings(values: ResolvedMap, database: string, url: URL): KafkaSettings {
  const value = <K extends Key>(key: K) => values.get(key)?.value as Values[K] | undefined;
  const path = decodeURIComponent(url.pathname.replace(/^\//, ''));
  const usual = DEFAULT_KAFKA;
  return Object.freeze({
    brokers: value('kafka.brokers') ?? usual.brokers,
    security: value('kafka.securityProtocol') ?? (url.username === '' ? 'plaintext' : 'sasl_plaintext'),
    sslCa: value('kafka.sslCa') ?? null,
    sslCert: value('kafka.sslCert') ?? null,
    sslKey: value('kafka.sslKey') ?? null,
    mechanism: value('kafka.saslMechanism') ?? usual.mechanism,
    delivery: value('kafka.delivery') ?? usual.delivery,
    format: value('kafka.format') ?? usual.format,
    encoding: value('kafka.encoding') ?? usual.encoding,
    registry: registrySettings(values),
    decimals: value('kafka.decimals') ?? usual.decimals,
    int64: value('kafka.int64') ?? usual.int64,
    tombstones: value('kafka.tombstones') ?? usual.tombstones,
    prefix: value('kafka.topicPrefix') ?? (path || usual.prefix),
    database: value('kafka.sourceDbName') ?? database,
    topic: value('kafka.topic') ?? usual.topic,
    topics: value('kafka.topics') ?? usual.topics,
    partitionBy: value('kafka.partitionBy') ?? usual.partitionBy,
    transactions: value('kafka.transactions') ?? usual.transactions,
    transactionTopic: value('kafka.transactionTopic') ?? usual.transactionTopic,
    outbox: outboxSettings(values),
    compression: value('kafka.compression') ?? usual.compression,
    partitions: value('kafka.partitions') ?? null,
    replication: value('kafka.replicationFactor') ?? null,
    cleanup: value('kafka.cleanupPolicy') ?? usual.cleanup,
    acks: value('kafka.acks') ?? usual.acks,
    batchBytes: value('kafka.batchSize') ?? value('kafka.maxMessageBytes') ?? usual.batchBytes,
    lingerMs: value('kafka.lingerMs') ?? usual.lingerMs,
    transactionMs: value('kafka.transactionTimeout') ?? usual.transactionMs,
    checkpointTopic: value('kafka.checkpointTopic') ?? usual.checkpointTopic,
    maxMessageBytes: value('kafka.maxMessageBytes') ?? usual.maxMessageBytes,
  });
}

/** What contradicts each other. */
export function kafkaProblems(values: ResolvedMap): string[] {
  const problems = registryProblems(values);
  const acks = values.get('kafka.acks');
  if (!acks || acks.value === 'all' || values.get('kafka.delivery')?.value === 'at-least-once') return problems;
  return [
    ...problems,
    problemOf(acks.given, 'is 1, but exactly once takes the word of all replicas; set kafka.delivery to at-least-once'),
  ];
}
