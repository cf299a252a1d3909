import { expect, test } from 'vitest';
import { defineConfig } from '../../src/config/define.ts';
import { loadConfig } from '../../src/config/load.ts';
import { redactor } from '../../src/config/redact.ts';
import { problem } from './support.ts';

const source = { url: 'postgres://u@h/shop' };
const database = { url: 'mysql://h/shop' };

test('the URL gives the broker, the login and the prefix of topics', () => {
  const { destination } = defineConfig({ source, destination: { url: 'kafka://me:secret@k1:9093/sales' } });
  expect(destination.kafka).toMatchObject({ prefix: 'sales', database: 'shop', security: 'sasl_plaintext' });
  expect(destination.display).not.toContain('secret');
});

test('variables set what only Kafka has', () => {
  const environment = {
    CDC_SOURCE_URL: source.url,
    CDC_DEST_URL: 'kafka://k1',
    CDC_KAFKA_BROKERS: 'k2:9092, k3:9092',
    CDC_KAFKA_TOPIC_PREFIX: 'p',
    CDC_KAFKA_SOURCE_DB_NAME: 'd',
    CDC_KAFKA_SECURITY_PROTOCOL: 'SSL',
    CDC_KAFKA_COMPRESSION: 'gzip',
    CDC_KAFKA_PARTITION_BY: 'public.items:order_id',
    CDC_KAFKA_TOPICS: 'public.orders:orders, items:{prefix}.lines',
    CDC_KAFKA_BATCH_SIZE: '512KB',
    CDC_KAFKA_LINGER_MS: '20',
    CDC_KAFKA_ACKS: 'all',
  };
  const { config } = loadConfig({ env: '', environment, folder: '/nonexistent' }, 'both');
  expect(config.destination?.kafka).toMatchObject({
    brokers: ['k2:9092', 'k3:9092'],
    prefix: 'p',
    database: 'd',
    security: 'ssl',
    compression: 'gzip',
    partitionBy: new Map([['public.items', 'order_id']]),
    topics: new Map([
      ['public.orders', 'orders'],
      ['public.items', '{prefix}.lines'],
    ]),
    batchBytes: 512 * 1024,
    maxMessageBytes: 1_000_000,
    lingerMs: 20,
  });
});

test('a table has a topic of its own', () => {
  const routed = (topics: Readonly<Record<string, string>>) =>
    defineConfig({ source, destination: { url: 'kafka://k' }, kafka: { topics } }).destination.kafka?.topics;
  expect(routed({ 'public.orders': 'orders', '"Sales"."Order"': 'o' })).toEqual(
    new Map([
      ['public.orders', 'orders'],
      ['Sales.Order', 'o'],
    ]),
  );
  for (const topic of ['our orders', '', '.', '..', 'x'.repeat(250), '{table}'])
    expect(problem(() => routed({ 'public.orders': topic }))).toMatch(
      /topics has ".*" for public\.orders: a topic may/,
    );
  expect(problem(() => routed({ 'a.b.c': 'x' }))).toMatch(/topics has "a\.b\.c", which is no table/);
  expect(problem(() => routed({ orders: 'x', 'public.orders': 'y' }))).toMatch(/topics has public\.orders twice/);
});

test('pairs that cannot be read are refused', () => {
  const given = (name: string, text: string) => () => {
    const environment = { CDC_SOURCE_URL: source.url, CDC_DEST_URL: 'kafka://k', [name]: text };
    return loadConfig({ env: '', environment, folder: '/nonexistent' }, 'both');
  };
  for (const name of ['CDC_KAFKA_TOPICS', 'CDC_KAFKA_PARTITION_BY'])
    for (const text of ['public.orders', 'public.orders:a:b', 'public.orders:a,public.orders:b'])
      expect(problem(given(name, text))).toMatch(/must be pairs such as public\.orders:\w+, each table once/);
  expect(problem(given('CDC_KAFKA_PARTITION_BY', 'public.orders:'))).toContain('names no column of public.orders');
});

test('an outbox is described in one place', () => {
  const outbox = {
    tables: ['public.outbox'],
    columns: { aggregatetype: 'kind' },
    additional: ['tenant:envelope', 'type:header:eventType'],
    expandJson: true,
  };
  const { destination } = defineConfig({ source, destination: { url: 'kafka://k' }, kafka: { outbox } });
  expect(destination.kafka?.outbox).toMatchObject({
    tables: ['public.outbox'],
    topic: 'outbox.event.{aggregatetype}',
    columns: new Map([['aggregatetype', 'kind']]),
    additional: [
      { column: 'tenant', place: 'envelope', as: 'tenant' },
      { column: 'type', place: 'header', as: 'eventType' },
    ],
    expandJson: true,
  });
  const wrong = (): unknown =>
    defineConfig({
      source,
      destination: { url: 'kafka://k' },
      kafka: { outbox: { additional: ['tenant:somewhere'] } },
    });
  expect(problem(wrong)).toMatch(/outbox.additional must be column:header or column:envelope/);
});

test('a mirror stands beside a database, and its password is a secret', () => {
  const config = defineConfig({ source, destination: database, kafka: { url: 'kafka://me:pw-mirror@k1/p' } });
  expect(config.destination).toMatchObject({ type: 'mysql', mirror: { type: 'kafka', kafka: { prefix: 'p' } } });
  expect(redactor(config)('it is pw-mirror')).toBe('it is ***');
});

test('a mirror of Kafka into Kafka, and one that is none, are refused', () => {
  const twice = () => defineConfig({ source, destination: { url: 'kafka://k' }, kafka: { url: 'kafka://k' } });
  expect(problem(twice)).toContain('the destination is Kafka itself');
  const other = () => defineConfig({ source, destination: database, kafka: { url: 'mysql://k' } });
  expect(problem(other)).toContain('is not a URL such as kafka://host:9092/topic-prefix');
  const slash = () => defineConfig({ source, destination: database, kafka: { url: 'kafka://k/a%2Fb' } });
  expect(problem(slash)).toContain('has a topic prefix that may have letters');
  const space = () => defineConfig({ source, destination: { url: 'kafka://k/our shop' } });
  expect(problem(space)).toContain("the destination's topic prefix may have letters");
});

test('less than all acknowledgements are refused, unless events may be lost', () => {
  const destination = { url: 'kafka://k' };
  expect(problem(() => defineConfig({ source, destination, kafka: { acks: '1' } }))).toMatch(
    /kafka.acks is 1, but exactly once takes the word of all replicas/,
  );
  expect(problem(() => defineConfig({ source, destination, kafka: { acks: '0' as '1' } }))).toMatch(/must be all or 1/);
  const config = defineConfig({ source, destination, kafka: { acks: '1', delivery: 'at-least-once' } });
  expect(config.destination.kafka).toMatchObject({ acks: '1', delivery: 'at-least-once' });
});

test('a smaller limit of events is one of requests too', () => {
  const { destination } = defineConfig({
    ...{ source, destination: { url: 'kafka://k' }, kafka: { maxMessageBytes: '64KB' } },
  });
  expect(destination.kafka).toMatchObject({ batchBytes: 65_536, maxMessageBytes: 65_536 });
});
