import { expect, it } from 'vitest';
import { schemaName, topicOf } from '../../../src/destination/kafka/encoding/topics.ts';
import { murmur2, partitionOf } from '../../../src/destination/kafka/transport/murmur2.ts';

it('names topics by the template, with underscores for what Kafka does not take', () => {
  const options = { prefix: 'shop', topic: '{prefix}.{schema}.{table}', topics: new Map() };
  expect(topicOf({ schema: 'public', name: 'orders' }, options)).toBe('shop.public.orders');
  expect(topicOf({ schema: 'public', name: 'Grüße & more' }, options)).toBe('shop.public.Gr__e___more');
  expect(topicOf({ schema: 'a', name: 'b' }, { ...options, topic: 'all-{prefix}' })).toBe('all-shop');
});

it('names the topic of a table as it is configured for that table', () => {
  const topics = new Map([
    ['public.orders', 'orders'],
    ['public.items', '{prefix}.items'],
  ]);
  const options = { prefix: 'shop', topic: '{prefix}.{schema}.{table}', topics };
  const names = ['orders', 'items', 'other'].map((name) => topicOf({ schema: 'public', name }, options));
  expect(names).toEqual(['orders', 'shop.items', 'shop.public.other']);
  expect(topicOf({ schema: 'old', name: 'orders' }, options)).toBe('shop.old.orders');
});

it('names schemas as Avro takes them', () => {
  expect(schemaName('my-shop', 'public', '2024 orders')).toBe('my_shop.public._2024_orders');
});

/** The cases of Kafka's own UtilsTest. */
it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('hashes %s as every client of Kafka does', (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
  expect(partitionOf(Buffer.from(text), 7)).toBe((hash & 0x7fffffff) % 7);
});
