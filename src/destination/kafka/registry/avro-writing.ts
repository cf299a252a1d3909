import type { Relation } from '../../../model/relation.ts';
import type { Row } from '../../../model/value.ts';
import { Cells } from '../cells.ts';
import type { Native } from '../native.ts';
import type { EventOptions } from '../options.ts';
import { zeroOf } from '../schema.ts';
import { nativeSource, nativeTimes, type Position } from '../source-block.ts';
import type { TableSchema } from '../table-schema.ts';
import type { Envelope, Writing } from '../writing.ts';
import { avroName } from './avro-schema.ts';

type Record = { [field: string]: Native };
type Encode = (value: Native) => Buffer;

/** Events of one table as Avro. */
export class AvroWriting implements Writing<Record> {
  private readonly relation: Relation;
  private readonly cells: Cells<Native>;
  private readonly names: readonly string[];
  /** What stands in a column of a row of which only the key is known. */
  private readonly unknown: readonly Native[];
  private readonly source: (at: Position) => Native;
  private readonly encodeKey: Encode;
  private readonly encodeValue: Encode;

  constructor(relation: Relation, { fields }: TableSchema, options: EventOptions, key: Encode, value: Encode) {
    this.relation = relation;
    const cells = fields.map(({ native, unavailable }) => ({ write: native, unavailable }));
    this.cells = new Cells<Native>(relation, cells, null);
    this.names = fields.map(({ name }) => avroName(name));
    this.unknown = fields.map(({ schema }) => (schema.optional ? null : zeroOf(schema)));
    this.source = nativeSource(options, relation.schema, relation.name);
    this.encodeKey = key;
    this.encodeValue = value;
  }

  row(row: Row, key: () => Row): Record {
    const record: Record = {};
    for (let at = 0; at < this.names.length; at++)
      record[this.names[at] as string] = this.cells.value(at, row[at] ?? null, key);
    return record;
  }

  keyOnly(key: Row): Record {
    const values = this.names.map((name, column) => [name, this.unknown[column] ?? null] as const);
    return { ...Object.fromEntries(values), ...this.keyRecord(key) };
  }

  key(key: Row): Buffer {
    return this.encodeKey(this.keyRecord(key));
  }

  flat(row: Record): Buffer {
    return this.encodeValue(row);
  }

  envelope({ op, before, after, at, order, now }: Envelope<Record>): Buffer {
    const transaction = order && {
      id: order.id,
      total_order: order.total,
      data_collection_order: order.inCollection,
    };
    return this.encodeValue({ before, after, source: this.source(at), transaction, op, ...nativeTimes(now) });
  }

  private keyRecord(key: Row): Record {
    const record: Record = {};
    this.relation.key.forEach((column, at) => {
      record[this.names[column] as string] = this.cells.value(column, key[at] ?? null, () => key);
    });
    return record;
  }
}
