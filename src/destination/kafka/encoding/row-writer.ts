import type { Relation } from '../../../model/relation.ts';
import type { Row } from '../../../model/value.ts';
import { Cells } from './cells.ts';
import type { Field } from './fields.ts';
import { jsonOf } from './native.ts';
import { zeroOf } from './schema.ts';

/** Writes rows of one table as JSON objects. What each column needs is decided once. */
export class RowWriter {
  private readonly relation: Relation;
  private readonly cells: Cells<string>;
  /** `"name":` of each column, with the comma before it. */
  private readonly names: readonly string[];
  /** What stands in a column of a row of which only the key is known. */
  private readonly unknown: readonly string[];

  constructor(relation: Relation, fields: readonly Field[]) {
    this.relation = relation;
    const cells = fields.map(({ encode, unavailable, remedy }) => ({
      write: encode,
      remedy,
      unavailable: unavailable === null ? null : jsonOf(unavailable),
    }));
    this.cells = new Cells(relation, cells, 'null');
    this.names = fields.map(({ name }, index) => `${index === 0 ? '' : ','}${JSON.stringify(name)}:`);
    this.unknown = fields.map(({ schema }) => jsonOf(schema.optional ? null : zeroOf(schema)));
  }

  /** A whole row. `key` is for messages. */
  row(row: Row, key: () => Row): string {
    let json = '{';
    for (let at = 0; at < this.names.length; at++) json += this.names[at] + this.cells.value(at, row[at] ?? null, key);
    return `${json}}`;
  }

  /** The columns of the key, whose values are given in that order. */
  key(key: Row): string {
    const values = this.relation.key.map((column, at) => {
      const name = JSON.stringify(this.relation.columns[column]?.name);
      return `${name}:${this.cells.value(column, key[at] ?? null, () => key)}`;
    });
    return `{${values.join(',')}}`;
  }

  /** A row of which only the key is known. Columns that cannot be null get what Debezium puts there. */
  keyOnly(key: Row): string {
    const values = this.names.map((name, column) => {
      const at = this.relation.key.indexOf(column);
      return name + (at >= 0 ? this.cells.value(column, key[at] ?? null, () => key) : this.unknown[column]);
    });
    return `{${values.join('')}}`;
  }
}
