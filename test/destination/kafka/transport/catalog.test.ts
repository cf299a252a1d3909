import type { Admin } from 'kafkajs';
import { expect, it } from 'vitest';
import { Catalog } from '../../../../src/destination/kafka/transport/catalog.ts';
import { DEFAULT_KAFKA } from '../../../../src/model/kafka.ts';

/** A cluster whose brokers answer so when they are asked for a topic, one after the other, and then know it. */
function cluster(...answers: readonly string[]): { admin: Admin; made: string[]; looks: () => number } {
  const [made, left] = [[] as string[], [...answers]];
  let looks = 0;
  const admin = {
    listTopics: async () => [],
    createTopics: async ({ topics }: { topics: readonly { topic: string }[] }) => {
      made.push(...topics.map(({ topic }) => topic));
      return true;
    },
    fetchTopicMetadata: async () => {
      looks += 1;
      const type = left.shift();
      if (type !== undefined) throw Object.assign(new Error(type), { type });
      return { topics: [] };
    },
  };
  return { admin: admin as unknown as Admin, made, looks: () => looks };
}

it('waits until brokers have heard of a topic that was created', async () => {
  const { admin, made, looks } = cluster('UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION');
  expect(await new Catalog(admin, DEFAULT_KAFKA, true).ensure('t')).toBe(true);
  expect([made, looks()]).toEqual([['t'], 3]);
});

it('tells of any other failure at once', async () => {
  const { admin, looks } = cluster('TOPIC_AUTHORIZATION_FAILED');
  const failed = new Catalog(admin, DEFAULT_KAFKA, true).ensure('t');
  await expect(failed).rejects.toMatchObject({ code: 'DESTINATION_PRIVILEGE' });
  expect(looks()).toBe(1);
});
