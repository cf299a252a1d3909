import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tableSchema } from '../../../../src/destination/kafka/encoding/table-schema.ts';
import { avroSchema } from '../../../../src/destination/kafka/registry/avro-schema.ts';
import { admitSubjects } from '../../../../src/destination/kafka/registry/findings.ts';
import { jsonSchema } from '../../../../src/destination/kafka/registry/json-schema.ts';
import { subjectOf } from '../../../../src/destination/kafka/registry/subject.ts';
import type { Column, Relation } from '../../../../src/model/relation.ts';
import { pgType, relation } from '../../../support/relations.ts';
import { customers, eventOptions } from '../options.ts';

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8'));

const avro = eventOptions({ encoding: 'avro' });

/** Columns `name type`, or `name type typmod`; `!` after the name: NOT NULL. */
function table(...columns: readonly string[]): Relation {
  const parsed = columns.map((text): Column => {
    const [name = '', type = '', typmod = '-1'] = text.split(' ');
    const notNull = name.endsWith('!');
    return { name: name.replace('!', ''), type: pgType(type, Number(typmod)), notNull, attnum: null };
  });
  return { ...relation('t', ['id int4'], ['id']), columns: [...relation('t', ['id int4'], ['id']).columns, ...parsed] };
}

const types = (one: Relation): Record<string, unknown> => {
  const flat = tableSchema(one, eventOptions({ encoding: 'avro', format: 'flat' }));
  const { fields } = avroSchema(flat.value) as { fields: { name: string; type: unknown; default?: unknown }[] };
  return Object.fromEntries(fields.map(({ name, type }) => [name, type]));
};

describe("Kafka Connect's schemas in Avro", () => {
  it('are those that AvroConverter registers for Debezium', () => {
    const { key, value } = tableSchema(customers(), avro);
    expect(key && avroSchema(key)).toEqual(golden('customers-key.avsc'));
    expect(JSON.stringify(avroSchema(value))).toBe(JSON.stringify(golden('customers-envelope.avsc')));
  });

  it('have a row alone as a record of its own', () => {
    const { value } = tableSchema(customers(), eventOptions({ encoding: 'avro', format: 'flat' }));
    expect(avroSchema(value)).toMatchObject({
      ...{ type: 'record', name: 'Value', namespace: 'PostgreSQL_server.inventory.customers' },
      'connect.name': 'PostgreSQL_server.inventory.customers.Value',
    });
  });

  it('say what Avro has no type for', () => {
    const of = types(
      table('small! int2', 'price! numeric 655366', 'any! numeric', 'at! timestamp', 'day! date', 'uid uuid'),
    );
    expect(of).toMatchObject({
      small: { type: 'int', 'connect.type': 'int16' },
      price: {
        ...{ type: 'bytes', scale: 2, precision: 10, logicalType: 'decimal' },
        ...{ 'connect.version': 1, 'connect.name': 'org.apache.kafka.connect.data.Decimal' },
        'connect.parameters': { scale: '2', 'connect.decimal.precision': '10' },
      },
      any: {
        ...{ type: 'record', name: 'VariableScaleDecimal', namespace: 'io.debezium.data' },
        'connect.doc': 'Variable scaled decimal',
        fields: [
          { name: 'scale', type: 'int' },
          { name: 'value', type: 'bytes' },
        ],
      },
      at: { type: 'long', 'connect.version': 1, 'connect.name': 'io.debezium.time.MicroTimestamp' },
      day: { type: 'int', 'connect.version': 1, 'connect.name': 'io.debezium.time.Date' },
      uid: ['null', { type: 'string', 'connect.version': 1, 'connect.name': 'io.debezium.data.Uuid' }],
    });
    expect(JSON.stringify(of.at)).not.toContain('logicalType');
    // also in the order of AvroConverter: registries compare texts
    expect(Object.keys(of.price as object).join()).toBe(
      'type,scale,precision,connect.version,connect.parameters,connect.name,logicalType',
    );
  });

  it('refer by name to a record that was described before', () => {
    const of = types(table('a numeric', 'b! numeric'));
    expect(of.b).toBe('io.debezium.data.VariableScaleDecimal');
  });

  it('have names that Avro takes, and refuse two that become one', () => {
    expect(Object.keys(types(table('a-b text', '1st text', 'ü text')))).toEqual(['id', 'a_b', '_1st', '_']);
    expect(() => types(table('a-b text', 'a_b text'))).toThrow(/columns a-b and a_b have one name/);
  });
});

describe('tables that share a topic', () => {
  const shared = eventOptions({ encoding: 'avro', topic: '{prefix}.all' });
  const tables = [customers(), { ...customers(), name: 'clients' }];

  it('need subjects of their own', () => {
    expect(() => admitSubjects(tables, shared, 'topic')).toThrow(
      /inventory.customers and inventory.clients share the topic PostgreSQL_server.all, and so the subject/,
    );
    expect(() => admitSubjects(tables, shared, 'topic-record')).not.toThrow();
    expect(() => admitSubjects(tables, { ...shared, topic: '{prefix}.{table}' }, 'topic')).not.toThrow();
  });

  it.each([
    ['topic', 'p.all-value'],
    ['record', 'p.t.Envelope'],
    ['topic-record', 'p.all-p.t.Envelope'],
  ] as const)('by %s are %s', (strategy, subject) => {
    expect(subjectOf(strategy, 'p.all', 'value', 'p.t.Envelope')).toBe(subject);
  });
});

describe("Kafka Connect's schemas in JSON Schema", () => {
  it('are those that JsonSchemaConverter registers', () => {
    const { key, value } = tableSchema(customers(), eventOptions({ encoding: 'json-schema' }));
    expect(key && jsonSchema(key)).toEqual({
      type: 'object',
      title: 'PostgreSQL_server.inventory.customers.Key',
      properties: { id: { type: 'integer', 'connect.index': 0, 'connect.type': 'int32' } },
    });
    expect(jsonSchema(value)).toMatchObject({
      ...{ type: 'object', title: 'PostgreSQL_server.inventory.customers.Envelope', 'connect.version': 2 },
      properties: {
        before: { oneOf: [{ type: 'null' }, { type: 'object' }], 'connect.index': 0 },
        source: {
          properties: {
            snapshot: {
              oneOf: [
                { type: 'null' },
                { type: 'string', title: 'io.debezium.data.Enum', default: 'false', 'connect.version': 1 },
              ],
              'connect.index': 4,
            },
          },
        },
        op: { type: 'string', 'connect.index': 4 },
      },
    });
  });

  it('have decimals as text with what Kafka Connect needs to read them', () => {
    const options = eventOptions({ encoding: 'json-schema', format: 'flat' });
    const { value } = tableSchema(table('price numeric 655366', 'raw! bytea'), options);
    expect(jsonSchema(value).properties).toMatchObject({
      price: {
        oneOf: [
          { type: 'null' },
          {
            ...{ type: 'string', title: 'org.apache.kafka.connect.data.Decimal', 'connect.type': 'bytes' },
            'connect.parameters': { scale: '2', 'connect.decimal.precision': '10' },
          },
        ],
      },
      raw: { type: 'string', 'connect.type': 'bytes' },
    });
  });
});
