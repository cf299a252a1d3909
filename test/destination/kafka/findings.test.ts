import { expect, it } from 'vitest';
import { admitTopics, inspectTopics } from '../../../src/destination/kafka/findings.ts';
import { DEFAULT_KAFKA, type KafkaSettings } from '../../../src/model/kafka.ts';
import type { PgType, Relation } from '../../../src/model/relation.ts';
import { pgType, relation } from '../../support/relations.ts';

const outbox = { ...DEFAULT_KAFKA.outbox, tables: ['public.outbox'] };
const settings = (more: Partial<KafkaSettings> = {}): KafkaSettings => ({ ...DEFAULT_KAFKA, ...more });
const checks = (...given: Parameters<typeof inspectTopics>): string[] =>
  inspectTopics(...given).map(({ check, severity }) => `${check} ${severity}`);

it('finds an outbox that is not replicated, or has not what an outbox needs', () => {
  const other = relation('t', ['id'], ['id']);
  expect(checks([other], settings({ outbox }))).toEqual(['kafka_delivery ok', 'kafka_outbox warn']);
  const entries = relation('outbox', ['id', 'aggregatetype', 'aggregateid', 'payload'], 'none');
  expect(checks([entries], settings({ outbox }))).toEqual(['kafka_delivery ok']);
  expect(() => admitTopics([entries], settings({ outbox }))).not.toThrow();
  expect(() => admitTopics([relation('outbox', ['id'], ['id'])], settings({ outbox }))).toThrow(
    /is an outbox, but has no column aggregatetype, aggregateid, payload/,
  );
});

it('keeps topics of tables apart from each other and from those that are no tables', () => {
  const tables = [
    relation('a b', ['id'], ['id']),
    relation('a.b', ['id'], ['id']),
    relation('transaction', ['id'], ['id']),
  ];
  expect(() => admitTopics(tables.slice(0, 2), settings())).not.toThrow();
  expect(() => admitTopics([relation('a b', ['id'], ['id']), relation('a_b', ['id'], ['id'])], settings())).toThrow(
    /would share the topic/,
  );
  const topic = '{prefix}.{table}';
  expect(() => admitTopics(tables, settings({ topic }))).not.toThrow();
  expect(() => admitTopics(tables, settings({ topic, transactions: 'topic' }))).toThrow(/is the transaction topic/);
  expect(() => admitTopics(tables, settings({ topic: 'pg2any.checkpoint' }))).toThrow(/is the checkpoint topic/);
});

it('warns of less than exactly once, and of tables without a key', () => {
  const found = inspectTopics([relation('t', ['v'], 'none')], settings({ delivery: 'at-least-once', acks: '1' }));
  expect(found.map(({ check, severity }) => [check, severity])).toEqual([
    ['kafka_delivery', 'warn'],
    ['kafka_key', 'warn'],
  ]);
  expect(found[0]?.message).toContain('a leader that fails may lose some');
});

it('lets tables share a topic that is named for all of them, and no table slip into one', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => relation(name, ['id'], ['id'])) as [Relation, Relation, Relation];
  const shared = new Map([a, b].map((one) => [`public.${one.name}`, 'both']));
  expect(() => admitTopics([a, b, c], settings({ topics: shared }))).not.toThrow();
  const taken = new Map([['public.a', 'pg2any.public.c']]);
  expect(() => admitTopics([a, b, c], settings({ topics: taken }))).toThrow(
    /public\.a and public\.c would share the topic/,
  );
  const checkpoints = new Map([['public.a', 'pg2any.checkpoint']]);
  expect(() => admitTopics([a], settings({ topics: checkpoints }))).toThrow(/is the checkpoint topic/);
});

it('finds tables that are named for routing, but are not replicated', () => {
  const topics = new Map([
    ['public.t', 'there'],
    ['public.typo', 'nowhere'],
  ]);
  const partitionBy = new Map([['public.gone', 'id']]);
  const found = inspectTopics([relation('t', ['id'], ['id'])], settings({ topics, partitionBy }));
  expect(found.filter(({ check }) => check === 'kafka_routing').map(({ message }) => message)).toEqual([
    'kafka.topics names public.typo, which is not among the tables',
    'kafka.partitionBy names public.gone, which is not among the tables',
  ]);
});

it('warns of columns whose large values no placeholder can stand for, outboxes aside', () => {
  const flags: PgType = { ...pgType('_bool'), kind: 'array', element: pgType('bool') };
  const plain = relation('outbox', ['id', 'aggregatetype', 'aggregateid', 'payload'], ['id']);
  const columns = plain.columns.map((one, at) => (at === 3 ? { ...one, type: flags } : one));
  const table = { ...plain, columns };
  expect(checks([table], settings())).toEqual(['kafka_delivery ok', 'kafka_unchanged warn']);
  expect(checks([table], settings({ outbox }))).toEqual(['kafka_delivery ok']);
});
