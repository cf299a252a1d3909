import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { long } from '../../../../src/destination/kafka/encoding/native.ts';
import type { Position } from '../../../../src/destination/kafka/encoding/source-block.ts';
import { tableSchema } from '../../../../src/destination/kafka/encoding/table-schema.ts';
import type { Envelope } from '../../../../src/destination/kafka/encoding/writing.ts';
import { AvroBuffer } from '../../../../src/destination/kafka/registry/avro-buffer.ts';
import { packLong, unpackLong } from '../../../../src/destination/kafka/registry/avro-long.ts';
import { avroType } from '../../../../src/destination/kafka/registry/avro-type.ts';
import { AvroWriting } from '../../../../src/destination/kafka/registry/avro-writing.ts';
import { lsn } from '../../../../src/model/lsn.ts';
import type { Relation } from '../../../../src/model/relation.ts';
import { UNCHANGED } from '../../../../src/model/value.ts';
import { relation } from '../../../support/relations.ts';
import { customers, eventOptions } from '../options.ts';

/** Longs as Avro's specification defines them: zigzag, then base 128. */
function specified(value: bigint): number[] {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

describe('64-bit integers in Avro', () => {
  const EDGES = [0n, 63n, 64n, 2n ** 30n, 2n ** 31n, 2n ** 52n, 2n ** 53n, 2n ** 62n, 2n ** 63n - 1n];
  const near = EDGES.flatMap((edge) => [edge, -edge, edge - 1n, -edge - 1n]);

  it.each(near)('%d has the bytes of the specification', (value) => {
    expect([...packLong(long(String(value)))]).toEqual(specified(value));
  });

  it('come back as they were', () => {
    const any = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(any, (value) => {
        const bytes = packLong(long(String(value)));
        expect([...bytes]).toEqual(specified(value));
        expect(unpackLong(bytes)).toBe(value);
      }),
    );
  });
});

const AT: Position = { xid: 7, lsn: lsn(2n ** 60n), previous: null, time: 1_700_000_000_000.25, counts: null };

function write(table: Relation) {
  const options = eventOptions({ encoding: 'avro' });
  const schema = tableSchema(table, options);
  const writing = new AvroWriting(avsc, table, schema, options, { key: 5, value: 70_000 }, new AvroBuffer());
  const type = avroType(avsc, schema.value);
  const read = (bytes: Buffer) => ({ id: bytes.readUInt32BE(1), value: type.fromBuffer(bytes.subarray(5)) });
  const envelope = (more: Partial<Envelope<ReturnType<typeof writing.row>>>) =>
    read(writing.envelope({ ...{ op: 'c', before: null, after: null, at: AT, order: null, now: 5 }, ...more }));
  return { writing, envelope };
}

describe('an event in Avro', () => {
  it('is put together as the whole envelope would be', () => {
    const { writing, envelope } = write(customers());
    const row = writing.row(['1', 'Anne', 'Kretchmar', 'a@b'], () => ['1']);
    const order = { id: '7:8', total: 3, inCollection: 2 };
    const { id, value } = envelope({ op: 'u', before: row, after: row, order, now: 1_700_000_000_001 });
    expect(id).toBe(70_000);
    expect(value).toMatchObject({
      before: { id: 1, first_name: 'Anne' },
      after: { id: 1, email: 'a@b' },
      source: {
        ...{ connector: 'postgresql', schema: 'inventory', table: 'customers', txId: 7n, lsn: 2n ** 60n },
        ...{ ts_ms: 1_700_000_000_000n, ts_us: 1_700_000_000_000_250n, ts_ns: 1_700_000_000_000_250_000n },
        ...{ snapshot: 'false', sequence: `[null,"${2n ** 60n}"]`, xmin: null },
      },
      transaction: { id: '7:8', total_order: 3n, data_collection_order: 2n },
      ...{ op: 'u', ts_ms: 1_700_000_000_001n, ts_ns: 1_700_000_000_001_000_000n },
    });
  });

  it('shows a row by its key, with what Debezium puts where null is not allowed', () => {
    const { writing, envelope } = write(customers());
    const { value } = envelope({ op: 'd', before: writing.keyOnly(['9']) });
    expect(value.before).toMatchObject({ id: 9, first_name: '', last_name: '', email: '' });
  });

  it('marks large values that did not change, and refuses to invent others', () => {
    const table = relation('n', ['id int4', 't', 'b bytea', 'v numeric'], ['id']);
    const { writing, envelope } = write(table);
    const row = writing.row(['1', UNCHANGED, UNCHANGED, '1.5'], () => ['1']);
    const { value } = envelope({ after: row });
    expect(value.after).toMatchObject({
      ...{ t: '__debezium_unavailable_value', b: Buffer.from('__debezium_unavailable_value') },
      v: { scale: 1, value: Buffer.of(15) },
    });
    expect(() => writing.row(['1', 'a', null, UNCHANGED], () => ['1'])).toThrow(/did not send v/);
    expect(() => writing.row(['1', 'a', null, 'NaN'], () => ['1'])).toThrow(/public\.n \(id = '1'\): the value of v/);
  });

  it('may have any size, whatever came before', () => {
    const { writing, envelope } = write(relation('n', ['id int4', 't', 'u'], ['id']));
    for (const size of [10, 70_000, 65_531, 5_000_000, 3, 200_000]) {
      const row = writing.row(['1', 'x'.repeat(size), 'ü'.repeat(size)], () => ['1']);
      const { value } = envelope({ before: row, after: row });
      expect([value.before.t.length, value.after.u]).toEqual([size, 'ü'.repeat(size)]);
    }
  });

  it('has its key as plain JSON for headers', () => {
    const table = relation('n', ['a-b int4', 'at date', 'v'], ['a-b', 'at']);
    expect(write(table).writing.keyText(['64', '1970-01-02'])).toBe('{"a_b":64,"at":1}');
  });

  it('has the id of its own schema in front of the key', () => {
    const { writing } = write(customers());
    expect([...writing.key(['64'])]).toEqual([0, 0, 0, 0, 5, 128, 1]);
  });
});
