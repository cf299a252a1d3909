import { expect, it } from 'vitest';
import { previewOf } from '../../../src/destination/kafka/preview.ts';
import { DEFAULT_KAFKA, type KafkaSettings } from '../../../src/model/kafka.ts';
import { relation } from '../../support/relations.ts';

const settings = (more: Partial<KafkaSettings> = {}): KafkaSettings => ({ ...DEFAULT_KAFKA, prefix: 'shop', ...more });
const prices = relation('prices', ['id int4', 'amount numeric', 'day date', 'note'], ['id']);
const ROWS = [
  ['1', '1.28', '1970-01-02', null],
  ['2', '12345678901234567890', '1969-12-31', 'a "b"'],
];

it('shows rows by topic, key and value, as they stand in the events', () => {
  expect(previewOf(prices, ROWS, settings({ decimals: 'number' }))).toEqual({
    fields: ['topic', 'key', 'id', 'amount', 'day', 'note'],
    rows: [
      ['shop.public.prices', '{"id":1}', '1', '1.28', '1', 'null'],
      ['shop.public.prices', '{"id":2}', '2', '12345678901234567890', '-1', '"a \\"b\\""'],
    ],
  });
});

it('shows the same values without the schema around them, and asks no registry for it', () => {
  const registry = { ...{ urls: [], user: null, password: null, token: null }, sslCa: null, autoRegister: true };
  const inAvro = settings({ encoding: 'avro', registry: { ...registry, subject: 'topic' } });
  for (const one of [settings({ format: 'debezium-schema' }), inAvro])
    expect(previewOf(prices, ROWS, one).rows[0]).toEqual([
      ...['shop.public.prices', '{"id":1}'],
      ...['1', '{"scale":2,"value":"AIA="}', '1', 'null'],
    ]);
});

it('shows what an outbox routes where, and rows without a key without one', () => {
  const outbox = relation('outbox', ['id', 'aggregatetype', 'aggregateid', 'payload jsonb'], ['id']);
  const entries = settings({ outbox: { ...DEFAULT_KAFKA.outbox, tables: ['public.outbox'] } });
  expect(previewOf(outbox, [['7', 'orders', '42', '{"n": 1}']], entries)).toEqual({
    fields: ['topic', 'key', 'headers', 'value'],
    rows: [['outbox.event.orders', '42', 'id: 7', '{"n": 1}']],
  });
  expect(previewOf(relation('log', ['v'], 'none'), [['x']], settings()).rows).toEqual([
    ['shop.public.log', null, '"x"'],
  ]);
});

it('says which value no event can hold, as the pipeline would', () => {
  expect(() => previewOf(prices, [['3', 'NaN', '1970-01-01', null]], settings())).toThrow(
    /public\.prices \(id = '3'\): the value of amount .*NUMERIC_NAN/,
  );
});
