import { randomBytes } from 'node:crypto';
import type { Admin, Consumer, Kafka } from 'kafkajs';
import { Pg2anyError } from '../../../model/error.ts';
import { RETRY } from './client.ts';
import { asking } from './errors.ts';
import { Remembered } from './records.ts';

interface Wanted {
  readonly topic: string;
  readonly slot: string;
  /** Read up to the record that carries it; null reads what there is. */
  readonly token: string | null;
  readonly timeoutMs: number;
}

/** After so long without anything new there is nothing more to read: an open transaction may stand behind it. */
const QUIET_MS = 2000;

/** Reads what the checkpoint topic says of one slot: committed records only. */
export async function readLog(kafka: Kafka, admin: Admin, wanted: Wanted): Promise<Remembered> {
  const remembered = new Remembered(wanted.slot);
  const end = await asking('looking at the checkpoint topic', () => lastOffset(admin, wanted.topic));
  // of a topic's first transaction the broker may not have written the end yet: its token is waited for all the same
  if (end < 0n && wanted.token === null) return remembered;
  // A group of its own: nothing is committed to it, so that it goes when its only member does.
  const groupId = `pg2any.${wanted.slot}.${randomBytes(6).toString('hex')}`;
  const consumer = kafka.consumer({ groupId, retry: RETRY, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });
  try {
    await asking('reading the checkpoint', () => consume(consumer, wanted, end, remembered));
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
  return remembered;
}

async function lastOffset(admin: Admin, topic: string): Promise<bigint> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const first = offsets.find(({ partition }) => partition === 0);
  return first && BigInt(first.high) > BigInt(first.low) ? BigInt(first.high) - 1n : -1n;
}

async function consume(consumer: Consumer, wanted: Wanted, end: bigint, remembered: Remembered): Promise<void> {
  let finish: (error?: unknown) => void = () => undefined;
  const finished = new Promise<void>((resolve, reject) => {
    finish = (error) => (error === undefined ? resolve() : reject(error));
  });
  finished.catch(() => undefined);
  const limit = setTimeout(() => finish(late(wanted)), wanted.timeoutMs);
  let quiet: NodeJS.Timeout | undefined;
  const done = (): boolean => wanted.token !== null && remembered.seen.has(wanted.token);
  const stillReading = (): void => {
    clearTimeout(quiet);
    if (wanted.token === null) quiet = setTimeout(() => finish(), QUIET_MS);
  };
  consumer.on(consumer.events.GROUP_JOIN, stillReading);
  // What may pass, such as a coordinator that is still loading, kafkajs tries again by itself, from the beginning.
  consumer.on(consumer.events.CRASH, ({ payload }) => (payload.restart ? undefined : finish(payload.error)));
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    stillReading();
    if (done() || (wanted.token === null && BigInt(payload.lastOffset) >= end)) finish();
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: wanted.topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        if (batch.partition !== 0) return;
        for (const { key, value } of batch.messages)
          remembered.add({ key: String(key), value: value === null ? null : value.toString() });
      },
    });
    await finished;
  } finally {
    clearTimeout(limit);
    clearTimeout(quiet);
  }
}

const late = ({ topic, timeoutMs }: Wanted): Pg2anyError =>
  new Pg2anyError('DESTINATION_UNREACHABLE', `Kafka: ${topic} could not be read within ${timeoutMs / 1000} s`);
