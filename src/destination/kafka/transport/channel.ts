import type { CompressionTypes, Kafka, Producer, Message as Record, Transaction } from 'kafkajs';
import { Pg2anyError } from '../../../model/error.ts';
import type { KafkaSettings } from '../../../model/kafka.ts';
import { RETRY } from './client.ts';
import { asking } from './errors.ts';
import { type Message, sizeOf } from './message.ts';
import { partitionOf } from './murmur2.ts';
import type { CheckpointRecord } from './records.ts';

/** A record of kafkajs, with what our partitioner needs. */
interface Routed extends Record {
  readonly route?: Buffer;
}

interface Options
  extends Pick<
    KafkaSettings,
    'delivery' | 'acks' | 'checkpointTopic' | 'maxMessageBytes' | 'batchBytes' | 'transactionMs'
  > {
  readonly codec: CompressionTypes;
  /** Makes sure of a topic before the first event goes there: some are known only by then. */
  readonly admit: (topic: string) => Promise<unknown>;
}
type Sender = Pick<Transaction, 'sendBatch'>;

/**
 * One producer from its connection to its first failure: after that it is given up, since nobody can tell any more what
 * the broker has of it. Opening one with the same name aborts whatever an earlier one left open.
 */
export class Channel {
  private readonly producer: Producer;
  private readonly options: Options;
  private transaction: Transaction | null = null;
  /** When the broker was first told of the open transaction. */
  private since: number | null = null;

  private constructor(producer: Producer, options: Options) {
    this.producer = producer;
    this.options = options;
  }

  static async open(kafka: Kafka, name: string, options: Options): Promise<Channel> {
    const exactly = options.delivery === 'exactly-once';
    const producer = kafka.producer({
      createPartitioner:
        () =>
        ({ message, partitionMetadata }) =>
          partitionOf((message as Routed).route ?? Buffer.alloc(0), partitionMetadata.length),
      allowAutoTopicCreation: false,
      // kafkajs has no idempotence without the word of all replicas
      idempotent: options.acks === 'all',
      maxInFlightRequests: 1,
      retry: RETRY,
      ...(exactly ? { transactionalId: name, transactionTimeout: options.transactionMs } : {}),
    });
    const channel = new Channel(producer, options);
    try {
      await asking('connecting', () => producer.connect());
      // the first transaction asks for the producer's epoch, and an earlier producer is fenced from here on
      if (exactly) await channel.begin();
    } catch (error) {
      await channel.close();
      throw error;
    }
    return channel;
  }

  /**
   * Sends in the open transaction, which begins here where there is none. Order is kept. While one request is on its way
   * the next one is written.
   */
  async send(messages: Iterable<Message>): Promise<void> {
    const sender = await this.begin();
    const most = Math.min(this.options.batchBytes, this.options.maxMessageBytes);
    let sending: Promise<void> = Promise.resolve();
    try {
      for (const chunk of chunksOf(messages, most)) {
        await sending;
        sending = this.chunk(sender, chunk);
        // awaited with the next one; until then it must not count as unhandled
        sending.catch(() => undefined);
        await turn();
      }
    } finally {
      // nothing is on its way when this one is given up
      await sending.catch(() => undefined);
    }
    await sending;
  }

  /** What is remembered goes with what was sent, and then all of it is durable. */
  async commit(records: readonly CheckpointRecord[]): Promise<void> {
    const sender = await this.begin();
    const messages = records.map(({ key, value }) => ({ key, value, partition: 0 }));
    await this.asking('writing the checkpoint', () =>
      sender.sendBatch({ acks: -1, topicMessages: [{ topic: this.options.checkpointTopic, messages }] }),
    );
    const { transaction } = this;
    if (transaction) await this.asking('committing', () => transaction.commit());
    this.transaction = null;
    this.since = null;
  }

  /** Nobody who reads committed records will see what was sent. */
  async abort(): Promise<void> {
    const { transaction } = this;
    this.transaction = null;
    if (transaction) await asking('aborting', () => transaction.abort());
  }

  async close(): Promise<void> {
    this.transaction = null;
    await this.producer.disconnect().catch(() => undefined);
  }

  private async begin(): Promise<Sender> {
    if (this.options.delivery === 'at-least-once') return this.producer;
    this.transaction ??= await asking('beginning a transaction', () => this.producer.transaction());
    return this.transaction;
  }

  private async asking<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await asking(doing, work);
    } catch (error) {
      const { transactionMs: limit, delivery } = this.options;
      const late = this.since !== null && performance.now() - this.since >= limit && delivery === 'exactly-once';
      throw late && error instanceof Pg2anyError && error.retry ? overdue(error, limit) : error;
    }
  }

  private async chunk(sender: Sender, messages: readonly Message[]): Promise<void> {
    const byTopic = new Map<string, Routed[]>();
    for (const { topic, key, value, headers, route } of messages) {
      const record: Routed = { key, value, headers, route };
      const list = byTopic.get(topic);
      if (list) list.push(record);
      else byTopic.set(topic, [record]);
    }
    for (const topic of byTopic.keys()) await this.options.admit(topic);
    const topicMessages = [...byTopic].map(([topic, list]) => ({ topic, messages: list }));
    const { acks, codec: compression } = this.options;
    this.since ??= performance.now();
    try {
      await this.asking('writing events', () =>
        sender.sendBatch({ acks: acks === 'all' ? -1 : Number(acks), compression, topicMessages }),
      );
    } catch (error) {
      throw withLargest(error, messages);
    }
  }
}

/** The broker has ended it by then, and says so in many ways. */
function overdue(error: Pg2anyError, limit: number): Pg2anyError {
  const message = `${error.message}; the Kafka transaction was open for longer than the ${limit / 1000} s of kafka.transactionTimeout`;
  return new Pg2anyError(error.code, message, {
    hint: 'Where one source transaction takes that long, raise kafka.transactionTimeout, and transaction.max.timeout.ms of the brokers.',
    cause: error,
  });
}

/** The broker says that something is too large, but not what. */
function withLargest(error: unknown, messages: readonly Message[]): unknown {
  if (!(error instanceof Pg2anyError) || error.code !== 'VALUE_REFUSED') return error;
  const largest = messages.reduce((best, one) => (sizeOf(one) > sizeOf(best) ? one : best));
  const key = largest.key?.toString().slice(0, 200) ?? 'none';
  const what = `the largest of ${messages.length} events is one of ${largest.topic} with the key ${key} and ${sizeOf(largest)} bytes`;
  return new Pg2anyError(error.code, `${error.message}; ${what}`, { hint: error.hint, cause: error });
}

/** Lets the request reach the socket before the next one is written. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Pieces of at most so many bytes, of one message at least. */
function* chunksOf(messages: Iterable<Message>, most: number): Generator<Message[]> {
  let chunk: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (bytes + size > most && chunk.length > 0) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(message);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
