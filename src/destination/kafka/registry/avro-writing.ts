import type { Type } from 'avsc';
import type { Relation } from '../../../model/relation.ts';
import type { Row } from '../../../model/value.ts';
import { Cells } from '../encoding/cells.ts';
import { TRANSACTION } from '../encoding/envelope-schema.ts';
import { jsonOf, type Native } from '../encoding/native.ts';
import { zeroOf } from '../encoding/schema.ts';
import { nativeSource, nativeTimes, type Position, SOURCE_SCHEMA } from '../encoding/source-block.ts';
import type { TableSchema } from '../encoding/table-schema.ts';
import type { Envelope, Operation, Writing } from '../encoding/writing.ts';
import type { EventOptions } from '../options.ts';
import type { AvroBuffer } from './avro-buffer.ts';
import { packLong } from './avro-long.ts';
import { avroName } from './avro-schema.ts';
import { type Avsc, avroType } from './avro-type.ts';

type Record = { [field: string]: Native };

/** Ids of schemas. */
export interface Ids {
  readonly key: number;
  readonly value: number;
}

/** Events of one table as Avro. */
export class AvroWriting implements Writing<Record> {
  private readonly relation: Relation;
  private readonly ids: Ids;
  private readonly buffer: AvroBuffer;
  private readonly cells: Cells<Native>;
  private readonly names: readonly string[];
  /** What stands in a column of a row of which only the key is known. */
  private readonly unknown: readonly Native[];
  private readonly keyType: Type | null;
  private readonly rowType: Type;
  private readonly transactionType: Type;
  private readonly source: (at: Position) => Buffer;
  private readonly times = lastOf(timesBytes);

  constructor(
    avsc: Avsc,
    relation: Relation,
    schema: TableSchema,
    options: EventOptions,
    ids: Ids,
    buffer: AvroBuffer,
  ) {
    const { fields, key, row } = schema;
    this.relation = relation;
    this.ids = ids;
    this.buffer = buffer;
    const cells = fields.map(({ native, unavailable, remedy }) => ({ write: native, unavailable, remedy }));
    this.cells = new Cells<Native>(relation, cells, null);
    this.names = fields.map(({ name }) => avroName(name));
    this.unknown = fields.map(({ schema: one }) => (one.optional ? null : zeroOf(one)));
    this.keyType = key && avroType(avsc, key);
    this.rowType = avroType(avsc, row);
    this.transactionType = avroType(avsc, { ...TRANSACTION, optional: false });
    const sourceType = avroType(avsc, SOURCE_SCHEMA);
    const source = nativeSource(options, relation.schema, relation.name);
    this.source = lastOf((at: Position) => sourceType.toBuffer(source(at)));
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
    const begun = this.buffer.begin(this.ids.key);
    return (this.keyType ? begun.value(this.keyType, this.keyRecord(key)) : begun).end();
  }

  keyText(key: Row): string {
    return jsonOf(this.keyRecord(key));
  }

  flat(row: Record): Buffer {
    return this.buffer.begin(this.ids.value).value(this.rowType, row).end();
  }

  /** The fields in the order of `envelopeSchema`. */
  envelope({ op, before, after, at, order, now }: Envelope<Record>): Buffer {
    const transaction = order && {
      id: order.id,
      total_order: order.total,
      data_collection_order: order.inCollection,
    };
    return this.buffer
      .begin(this.ids.value)
      .optional(this.rowType, before)
      .optional(this.rowType, after)
      .bytes(this.source(at))
      .optional(this.transactionType, transaction)
      .bytes(OPERATIONS[op])
      .bytes(this.times(now))
      .end();
  }

  private keyRecord(key: Row): Record {
    const record: Record = {};
    this.relation.key.forEach((column, at) => {
      record[this.names[column] as string] = this.cells.value(column, key[at] ?? null, () => key);
    });
    return record;
  }
}

/** A string of one letter: its length as a long, then the letter. */
const letter = (op: Operation): Buffer => Buffer.from(`\x02${op}`);

const OPERATIONS: Readonly<{ [Op in Operation]: Buffer }> = {
  c: letter('c'),
  u: letter('u'),
  d: letter('d'),
  r: letter('r'),
  t: letter('t'),
};

/** The three optional longs at the end of an envelope. */
const timesBytes = (now: number): Buffer =>
  Buffer.concat(Object.values(nativeTimes(now)).flatMap((one) => [Buffer.of(2), packLong(one)]));

/** `make`, which is asked for the same again and again. */
function lastOf<In, Out>(make: (from: In) => Out): (from: In) => Out {
  let last: { readonly from: In; readonly made: Out } | null = null;
  return (from) => {
    if (last?.from !== from) last = { from, made: make(from) };
    return last.made;
  };
}
