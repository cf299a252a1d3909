import type { Kafka, ProducerBatch, ProducerConfig } from 'kafkajs';
import { expect, it } from 'vitest';
import { Channel } from '../../../../src/destination/kafka/transport/channel.ts';
import type { Message } from '../../../../src/destination/kafka/transport/message.ts';
import { DEFAULT_KAFKA, type KafkaSettings } from '../../../../src/model/kafka.ts';

/** A client that remembers what it was asked for, in order. */
function recording() {
  const configs: ProducerConfig[] = [];
  const calls: string[] = [];
  const sent: ProducerBatch[] = [];
  let broken = false;
  let held: Promise<void> | null = null;
  const sendBatch = async (batch: ProducerBatch): Promise<[]> => {
    if (broken) throw new Error('The producer attempted to use a producer id which is not currently assigned');
    await held;
    calls.push(
      `send ${(batch.topicMessages ?? []).map(({ topic, messages }) => `${topic} ${messages.length}`).join()}`,
    );
    sent.push(batch);
    return [];
  };
  const say = (what: string) => async () => {
    calls.push(what);
  };
  const transaction = async () => {
    calls.push('begin');
    return { sendBatch, commit: say('commit'), abort: say('abort') };
  };
  const producer = { connect: say('connect'), disconnect: say('disconnect'), transaction, sendBatch };
  const kafka = {
    producer: (config: ProducerConfig) => {
      configs.push(config);
      return producer;
    },
  };
  const fail = (): void => {
    broken = true;
  };
  /** Requests are answered once the returned function was called. */
  const hold = (): (() => void) => {
    let release: () => void = () => undefined;
    held = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  };
  return { kafka: kafka as unknown as Kafka, configs, calls, sent, fail, hold };
}

const message = (topic: string, bytes: number): Message => ({
  ...{ topic, key: null, value: Buffer.alloc(bytes), headers: {}, route: Buffer.alloc(0) },
});

async function opened(more: Partial<KafkaSettings> = {}) {
  const recorded = recording();
  const admit = async (topic: string): Promise<void> => {
    recorded.calls.push(`admit ${topic}`);
  };
  const channel = await Channel.open(recorded.kafka, 'slot', { ...DEFAULT_KAFKA, ...more, codec: 0, admit });
  return { ...recorded, channel };
}

it('is idempotent with one request under way, and transactional by the name of the slot', async () => {
  const { configs } = await opened();
  const expected = { idempotent: true, maxInFlightRequests: 1, transactionalId: 'slot', transactionTimeout: 900_000 };
  expect(configs).toMatchObject([expected]);
});

it('stays idempotent without transactions, unless the word of the leader is enough', async () => {
  const all = await opened({ delivery: 'at-least-once' });
  expect(all.configs).toMatchObject([{ idempotent: true }]);
  expect(all.configs[0]).not.toHaveProperty('transactionalId');
  const leader = await opened({ delivery: 'at-least-once', acks: '1' });
  expect(leader.configs).toMatchObject([{ idempotent: false }]);
  await leader.channel.send([message('t', 10)]);
  await leader.channel.commit([{ key: 'k', value: 'v' }]);
  expect(leader.sent.map(({ acks }) => acks)).toEqual([1, -1]);
});

it('sends as many bytes at a time as were chosen, in one transaction, to topics that are there', async () => {
  const { channel, calls } = await opened({ batchBytes: 1000 });
  await channel.send([message('a', 600), message('b', 200), message('a', 600), message('a', 5000)]);
  await channel.commit([{ key: 'k', value: 'v' }]);
  expect(calls).toEqual([
    ...['connect', 'begin', 'admit a', 'admit b', 'send a 1,b 1', 'admit a', 'send a 1', 'admit a', 'send a 1'],
    ...['send pg2any.checkpoint 1', 'commit'],
  ]);
});

it('says so where a transaction failed that was open for too long', async () => {
  const failing = async (more: Partial<KafkaSettings>): Promise<unknown> => {
    const { channel, fail } = await opened(more);
    await channel.send([message('t', 10)]);
    fail();
    return channel.commit([{ key: 'k', value: 'v' }]);
  };
  await expect(failing({ transactionMs: 0 })).rejects.toMatchObject({
    ...{ retry: true, message: expect.stringMatching(/The producer attempted.*open for longer than the 0 s/) },
    hint: expect.stringContaining('raise kafka.transactionTimeout'),
  });
  await expect(failing({})).rejects.not.toThrow(/open for longer/);
});

it('writes no more than the next request while the broker has not answered', async () => {
  const { channel, hold, sent } = await opened({ batchBytes: 1000 });
  const release = hold();
  let written = 0;
  function* endless(): Generator<Message> {
    for (; written < 100; written += 1) yield message('t', 600);
  }
  const sending = channel.send(endless());
  for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
  expect(written).toBeLessThan(5);
  release();
  await sending;
  expect([written, sent.length]).toEqual([100, 100]);
});
