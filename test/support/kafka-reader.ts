import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

export interface Read {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  /** As they were sent. */
  readonly bytes: { readonly key: Buffer | null; readonly value: Buffer | null };
  readonly headers: Readonly<Record<string, string>>;
}

export const client = (broker: string): Kafka =>
  new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, retry: { retries: 8 } });

/**
 * Every committed record that these topics have by now, in the order of each partition. A commit may be answered before
 * the broker has marked its end in every partition: whoever waits for the last one asks again.
 */
export async function readCommitted(broker: string, topics: readonly string[]): Promise<Read[]> {
  const kafka = client(broker);
  const admin = kafka.admin();
  await admin.connect();
  const open = new Map<string, bigint>();
  for (const topic of topics)
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic))
      if (BigInt(high) > BigInt(low)) open.set(`${topic}/${partition}`, BigInt(high) - 1n);
  await admin.disconnect();
  if (open.size === 0) return [];
  const consumer = kafka.consumer({ groupId: `t-${randomBytes(6).toString('hex')}`, maxWaitTimeInMs: 50 });
  const found: Read[] = [];
  const done = new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => (payload.restart ? found.splice(0) : reject(payload.error)));
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      const name = `${payload.topic}/${payload.partition}`;
      if (BigInt(payload.lastOffset) >= (open.get(name) ?? 0n)) open.delete(name);
      if (open.size === 0) resolve();
    });
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        for (const { key, value, headers = {} } of messages) {
          const text = Object.entries(headers).map(([name, one]) => [name, String(one)]);
          const payload = value === null ? null : value.toString();
          found.push({
            ...{ topic, partition, key: key?.toString() ?? null },
            ...{ value: payload, bytes: { key: key ?? null, value }, headers: Object.fromEntries(text) },
          });
        }
      },
    });
    await done;
  } finally {
    await consumer.disconnect();
  }
  return found;
}
