/**
 * kafkajs alone, in a process of its own: the events that a run of the product left in a topic, sent again as the product
 * sends them. The same bytes, partitions, transactions and requests, with a record for the checkpoint in each transaction.
 * Arguments: one JSON object (see `Alone`). Prints one JSON object (see `Measured`) as its last line.
 */
import { randomUUID } from 'node:crypto';
import kafkajs, { type Message } from 'kafkajs';
import type { Measured } from './child.ts';

export interface Alone {
  readonly mode: 'kafka';
  readonly broker: string;
  /** Whose events are sent. */
  readonly topic: string;
  /** Where they are sent: a topic with as many partitions. */
  readonly to: string;
  readonly events: number;
  /** Events of a transaction. */
  readonly batch: number;
  /** Bytes of a request. */
  readonly request: number;
}

const job = JSON.parse(process.argv[2] ?? '{}') as Alone;
const kafka = new kafkajs.Kafka({ brokers: [job.broker], logLevel: kafkajs.logLevel.NOTHING });

/** Bytes of a record, as the product reckons them. */
const sizeOf = ({ key, value, headers = {} }: Message): number =>
  Object.entries(headers).reduce(
    (sum, [name, header]) => sum + name.length + String(header).length + 4,
    70 + (key?.length ?? 0) + (value?.length ?? 0),
  );

async function readEvents(): Promise<Message[]> {
  const consumer = kafka.consumer({ groupId: randomUUID(), maxBytesPerPartition: 8 << 20 });
  const found: Message[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: job.topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    const eachBatch = async ({ batch: { partition, messages } }: kafkajs.EachBatchPayload): Promise<void> => {
      for (const { key, value, headers = {} } of messages) {
        const texts = Object.entries(headers).map(([name, one]) => [name, String(one)] as const);
        found.push({ key, value, headers: Object.fromEntries(texts), partition });
      }
      if (found.length >= job.events) resolve();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
  });
  await consumer.disconnect();
  return found;
}

/** Requests by transaction. */
function requestsOf(events: readonly Message[]): Message[][][] {
  const transactions: Message[][][] = [];
  for (let at = 0; at < events.length; at += job.batch) {
    const requests: Message[][] = [[]];
    let bytes = 0;
    for (const event of events.slice(at, at + job.batch)) {
      const size = sizeOf(event);
      if (bytes + size > job.request) {
        requests.push([]);
        bytes = 0;
      }
      requests.at(-1)?.push(event);
      bytes += size;
    }
    transactions.push(requests);
  }
  return transactions;
}

const events = await readEvents();
const transactions = requestsOf(events);
const producer = kafka.producer({
  // as the product's: right after a commit the next transaction is refused for some milliseconds
  retry: { retries: 9, initialRetryTime: 10, maxRetryTime: 2000 },
  idempotent: true,
  maxInFlightRequests: 1,
  transactionalId: randomUUID(),
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
});
await producer.connect();
const started = performance.now();
const cpu = process.cpuUsage();
for (const requests of transactions) {
  const transaction = await producer.transaction();
  for (const messages of requests)
    await transaction.sendBatch({ acks: -1, topicMessages: [{ topic: job.to, messages }] });
  await transaction.sendBatch({
    acks: -1,
    topicMessages: [{ topic: `${job.to}.checkpoint`, messages: [{ key: 'position', value: 'x'.repeat(60) }] }],
  });
  await transaction.commit();
}
const { user, system } = process.cpuUsage(cpu);
const measured: Measured = {
  seconds: (performance.now() - started) / 1000,
  events: events.length,
  cpuSeconds: (user + system) / 1e6,
  rssMb: process.resourceUsage().maxRSS / 1024,
  latenciesMs: [],
};
process.stdout.write(`${JSON.stringify(measured)}\n`);
process.exit(0);
