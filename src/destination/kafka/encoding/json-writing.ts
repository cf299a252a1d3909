import type { Relation } from '../../../model/relation.ts';
import type { Row } from '../../../model/value.ts';
import type { EventOptions } from '../options.ts';
import { RowWriter } from './row-writer.ts';
import { type Position, sourceBlock, times } from './source-block.ts';
import type { TableSchema } from './table-schema.ts';
import { transactionBlock } from './transaction-counts.ts';
import type { Envelope, Writing } from './writing.ts';

/** Events of one table as JSON, with the schema in front where the format wants it. */
export class JsonWriting implements Writing<string> {
  private readonly rows: RowWriter;
  private readonly source: (at: Position) => string;
  /** JSON of the schema with what follows it, where there is one. */
  private readonly keyHead: string;
  private readonly valueHead: string;
  private readonly tail: string;

  constructor(relation: Relation, schema: TableSchema, options: EventOptions) {
    this.rows = new RowWriter(relation, schema.fields);
    this.source = sourceBlock(options, relation.schema, relation.name);
    const withSchema = options.format === 'debezium-schema';
    this.keyHead = withSchema ? `{"schema":${JSON.stringify(schema.key)},"payload":` : '';
    this.valueHead = withSchema ? `{"schema":${JSON.stringify(schema.value)},"payload":` : '';
    this.tail = withSchema ? '}' : '';
  }

  row(row: Row, key: () => Row): string {
    return this.rows.row(row, key);
  }

  keyOnly(key: Row): string {
    return this.rows.keyOnly(key);
  }

  key(key: Row): string {
    return this.keyHead + this.rows.key(key) + this.tail;
  }

  keyText(key: Row): string {
    return this.rows.key(key);
  }

  flat(row: string): string {
    return row;
  }

  envelope({ op, before, after, at, order, now }: Envelope<string>): string {
    const rows = `"before":${before},"after":${after},"source":${this.source(at)}`;
    return `${this.valueHead}{${rows},"transaction":${transactionBlock(order)},"op":"${op}",${times(now)}}${this.tail}`;
  }
}
