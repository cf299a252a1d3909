import { ConfigResourceTypes } from 'kafkajs';
import { expect, it } from 'vitest';
import type { Destination } from '../../../src/model/destination.ts';
import type { KafkaSettings } from '../../../src/model/kafka.ts';
import { client, readCommitted } from '../../support/kafka-reader.ts';
import { until } from '../../support/wait.ts';
import { insert, transaction } from './transaction.ts';

interface Bench {
  readonly broker: string;
  readonly fresh: () => { readonly slot: string; readonly prefix: string };
  /** A destination with its checkpoint and table `t`. */
  readonly begun: (prefix: string, slot: string, more: Partial<KafkaSettings>) => Promise<Destination>;
}

/** What topics are like that pg2any creates at a broker. */
export function createdTopics({ broker, fresh, begun }: Bench): void {
  /** What the broker says of topics: partitions, replicas of each, and what we set of their configuration. */
  async function described(topics: readonly string[]): Promise<Record<string, unknown>> {
    const admin = client(broker).admin();
    await admin.connect();
    const { topics: metadata } = await admin.fetchTopicMetadata({ topics: [...topics] });
    const configNames = ['cleanup.policy', 'compression.type', 'max.message.bytes'];
    const resources = topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configNames }));
    const configs = await admin.describeConfigs({ includeSynonyms: false, resources });
    await admin.disconnect();
    const told = metadata.map(({ name, partitions }) => {
      const { configEntries = [] } = configs.resources.find(({ resourceName }) => resourceName === name) ?? {};
      const replicas = [...new Set(partitions.map((one) => one.replicas.length))];
      const config = configEntries.map(({ configName, configValue }) => `${configName}=${configValue}`);
      return [name, { partitions: partitions.length, replicas, config: config.sort() }];
    });
    return Object.fromEntries(told);
  }

  it('creates topics with the partitions, replicas, cleanup and message size that are configured', async () => {
    const { slot, prefix } = fresh();
    const checkpointTopic = `${prefix}.checkpoint`;
    const more = { partitions: 5, cleanup: 'compact,delete', maxMessageBytes: 300_000, checkpointTopic } as const;
    await begun(prefix, slot, { ...more, transactions: 'topic' });
    const [rows, boundaries] = [`${prefix}.public.t`, `${prefix}.transaction`];
    // an event's own bytes are limited, the topic's limit is one of batches
    const config = ['cleanup.policy=compact,delete', 'compression.type=producer', 'max.message.bytes=304096'];
    expect(await described([rows, boundaries, checkpointTopic])).toEqual({
      [rows]: { partitions: 5, replicas: [1], config },
      [boundaries]: { partitions: 1, replicas: [1], config },
      [checkpointTopic]: {
        ...{ partitions: 1, replicas: [1] },
        config: expect.arrayContaining(['cleanup.policy=compact', 'compression.type=uncompressed']),
      },
    });
  });

  it('leaves to the brokers what is not configured of a topic, and stops where they cannot have as many replicas', async () => {
    const { slot, prefix } = fresh();
    await begun(prefix, slot, { replication: null, partitions: null });
    const topic = `${prefix}.public.t`;
    const config = ['cleanup.policy=delete', 'compression.type=producer', 'max.message.bytes=1004096'];
    expect(await described([topic])).toEqual({ [topic]: { partitions: 3, replicas: [1], config } });
    const other = fresh();
    await expect(begun(other.prefix, other.slot, { replication: 2 })).rejects.toMatchObject({
      ...{ code: 'DESTINATION_UNSUITABLE', retry: false },
      message: expect.stringContaining(`${other.prefix}.public.t`),
    });
  });

  it('sends rows to the topic that is named for their table', async () => {
    const { slot, prefix } = fresh();
    const one = await begun(prefix, slot, { topics: new Map([['public.t', '{prefix}-rows']]) });
    await one.apply(transaction([insert(1)], 20));
    const read = await until(async () => {
      const found = await readCommitted(broker, [`${prefix}-rows`]);
      return found.length > 0 && found;
    });
    expect(read.map(({ topic, key }) => [topic, key])).toEqual([[`${prefix}-rows`, '{"id":1}']]);
  });
}
