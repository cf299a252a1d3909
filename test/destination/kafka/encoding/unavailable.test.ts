import { createHash } from 'node:crypto';
import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { JsonWriting } from '../../../../src/destination/kafka/encoding/json-writing.ts';
import { tableSchema } from '../../../../src/destination/kafka/encoding/table-schema.ts';
import type { EventOptions } from '../../../../src/destination/kafka/options.ts';
import { AvroBuffer } from '../../../../src/destination/kafka/registry/avro-buffer.ts';
import { avroType } from '../../../../src/destination/kafka/registry/avro-type.ts';
import { AvroWriting } from '../../../../src/destination/kafka/registry/avro-writing.ts';
import { inspectUnchanged } from '../../../../src/destination/kafka/unchanged.ts';
import { Pg2anyError } from '../../../../src/model/error.ts';
import type { PgType, Relation } from '../../../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../../../src/model/value.ts';
import { pgType, relation } from '../../../support/relations.ts';
import { eventOptions } from '../options.ts';

/** `int4[]` is an array of int4; an extension's type is one of its own schema. */
function type(text: string): PgType {
  const name = text.replace('[]', '');
  const one: PgType = {
    ...pgType(name),
    schema: ['hstore', 'geometry', 'vector'].includes(name) ? 'ext' : 'pg_catalog',
  };
  return name === text ? one : { ...pgType(`_${name}`), kind: 'array', element: one, display: text };
}

function table(text: string): Relation {
  const plain = relation('t', ['id int4', 'v'], ['id']);
  return { ...plain, columns: plain.columns.map((one, at) => (at === 1 ? { ...one, type: type(text) } : one)) };
}

/** What consumers of JSON and of Avro find in place of a value that was not sent. */
function placeholders(text: string, more: Partial<EventOptions> = {}): { json: unknown; avro: unknown } {
  const [one, options] = [table(text), eventOptions({ format: 'flat', ...more })];
  const row: Row = ['1', UNCHANGED];
  const key = () => ['1'];
  const json = new JsonWriting(one, tableSchema(one, options), options);
  const inAvro = eventOptions({ ...options, encoding: 'avro' });
  const schema = tableSchema(one, inAvro);
  const avro = new AvroWriting(avsc, one, schema, inAvro, { key: 1, value: 2 }, new AvroBuffer());
  const bytes = avro.flat(avro.row(row, key)).subarray(5);
  return { json: JSON.parse(json.row(row, key)).v, avro: avroType(avsc, schema.value).fromBuffer(bytes).v };
}

const MARK = '__debezium_unavailable_value';
const BYTES = Buffer.from(MARK);
const NUMBERS = [...BYTES];

/** java.util.UUID.nameUUIDFromBytes: MD5, with version 3 and the variant of RFC 4122. */
function nameUuid(bytes: Buffer): string {
  const hash = createHash('md5').update(bytes).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x30, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

describe('in place of a large value that was not sent, consumers find', () => {
  it.each([
    ['text', MARK],
    ['jsonb', MARK],
    ['xml', MARK],
    ['hstore', JSON.stringify({ [MARK]: MARK })],
    ['text[]', [MARK]],
    ['json[]', [MARK]],
    ['int4[]', NUMBERS],
    ['date[]', NUMBERS],
    ['uuid[]', [nameUuid(BYTES)]],
  ])('what Debezium puts there: %s', (name, value) => {
    expect(placeholders(name)).toEqual({ json: value, avro: value });
  });

  it('what Debezium puts there, in the form of each encoding', () => {
    expect(placeholders('int8[]')).toEqual({ json: NUMBERS, avro: NUMBERS.map(BigInt) });
    expect(placeholders('bytea')).toEqual({ json: BYTES.toString('base64'), avro: BYTES });
    expect(placeholders('bytea[]')).toEqual({ json: [BYTES.toString('base64')], avro: [BYTES] });
  });

  it.each([
    ['numeric', { decimals: 'string' }, MARK],
    ['numeric[]', { decimals: 'string' }, [MARK]],
    ['int8[]', { int64: 'string' }, [MARK]],
    ['timestamptz[]', {}, [MARK]],
  ] as const)('the placeholder wherever text can stand: %s with %o', (name, more, value) => {
    expect(placeholders(name, more)).toEqual({ json: value, avro: value });
  });

  const FULL = /ALTER TABLE "public"\."t" REPLICA IDENTITY FULL/;

  it.each([
    ['numeric', /^Set kafka\.decimals to string, or let/],
    ['numeric[]', /^Set kafka\.decimals to string, or let/],
    ['oid[]', /^Set kafka\.int64 to string, or let/],
    ['int2[]', /^Let/],
    ['bool[]', /^Let/],
    ['float8[]', /^Let/],
    ['timestamp[]', /^Let/],
    ['geometry', /^Let/],
    ['vector', /^Let/],
  ])('nothing, because Debezium has nothing for %s: it stops with the way out', (name, hint) => {
    for (const format of ['debezium', 'debezium-schema', 'flat'] as const) {
      const options = eventOptions({ format });
      const writing = new JsonWriting(table(name), tableSchema(table(name), options), options);
      const stopped = errorOf(() => writing.row(['1', UNCHANGED], () => ['1']));
      expect(stopped).toMatchObject({ code: 'VALUE_UNAVAILABLE', hint: expect.stringMatching(hint) });
      expect(stopped.hint).toMatch(FULL);
      expect(stopped.message).toContain(`public.t (id = '1'): the server did not send v (${name})`);
    }
  });
});

function errorOf(work: () => unknown): Pg2anyError {
  try {
    work();
  } catch (error) {
    if (error instanceof Pg2anyError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('check', () => {
  const told = (one: Relation) =>
    inspectUnchanged([one], eventOptions()).map(({ message, fix }) => [message, fix?.sql]);

  it.each(['int2[]', 'bool[]', 'numeric[]', 'geometry', 'vector'])(
    'tells of a column %s, and how to mend it',
    (name) => {
      const [message, sql] = told(table(name))[0] ?? [];
      expect(message).toContain(`v (${name})`);
      expect(sql).toEqual(['ALTER TABLE "public"."t" REPLICA IDENTITY FULL']);
    },
  );

  it('tells nothing where every value is sent or has its placeholder', () => {
    for (const name of ['int4[]', 'text[]', 'uuid[]', 'text', 'bool', 'numeric']) expect(told(table(name))).toEqual([]);
    expect(told({ ...table('bool[]'), replicaIdentity: 'full' })).toEqual([]);
    expect(told({ ...table('bool[]'), identity: 'none', key: [] })).toEqual([]);
  });
});
