import { Pg2anyError } from '../../model/error.ts';
import type { Relation } from '../../model/relation.ts';
import { type Row, UNCHANGED, type Value } from '../../model/value.ts';
import { ValueProblem } from '../problem.ts';
import { describeRow } from '../refusal.ts';
import { type CodingOptions, type Field, fieldOf } from './fields.ts';
import type { ConnectSchema } from './schema.ts';

/** Writes rows of one table as JSON objects. What each column needs is decided once. */
export class RowWriter {
  readonly fields: readonly Field[];
  private readonly relation: Relation;
  /** `"name":` of each column, with the comma before it. */
  private readonly names: readonly string[];

  constructor(relation: Relation, options: CodingOptions) {
    const inKey = (index: number): boolean => relation.identity === 'key' && relation.key.includes(index);
    this.relation = relation;
    this.fields = relation.columns.map((column, index) => fieldOf(column, options, inKey(index)));
    this.names = this.fields.map(({ name }, index) => `${index === 0 ? '' : ','}${JSON.stringify(name)}:`);
  }

  /** A whole row. `key` is for messages. */
  row(row: Row, key: () => Row): string {
    let json = '{';
    for (let at = 0; at < this.names.length; at++) json += this.names[at] + this.value(at, row[at] ?? null, key);
    return `${json}}`;
  }

  /** The columns of the key, whose values are given in that order. */
  key(key: Row): string {
    const values = this.relation.key.map((column, at) => {
      const name = JSON.stringify(this.relation.columns[column]?.name);
      return `${name}:${this.value(column, key[at] ?? null, () => key)}`;
    });
    return `{${values.join(',')}}`;
  }

  /** A row of which only the key is known. Columns that cannot be null get what Debezium puts there. */
  keyOnly(key: Row): string {
    const values = this.fields.map(({ schema }, column) => {
      const at = this.relation.key.indexOf(column);
      const name = this.names[column];
      return (
        name + (at >= 0 ? this.value(column, key[at] ?? null, () => key) : schema.optional ? 'null' : zero(schema))
      );
    });
    return `{${values.join('')}}`;
  }

  /** JSON of one value. Throws VALUE_UNREPRESENTABLE, and VALUE_UNAVAILABLE where no placeholder can stand. */
  private value(column: number, value: Value, key: () => Row): string {
    if (value === null) return 'null';
    const field = this.fields[column] as Field;
    if (value === UNCHANGED) return field.unavailable ?? this.missing(column, key());
    try {
      return field.encode(value);
    } catch (error) {
      throw this.refused(column, key(), error);
    }
  }

  private missing(column: number, key: Row): never {
    const { schema, name, columns } = this.relation;
    const message = `${describeRow(this.relation, key)}: the server did not send ${columns[column]?.name}, which did not change, and no placeholder can stand for it`;
    throw new Pg2anyError('VALUE_UNAVAILABLE', message, {
      hint: `ALTER TABLE ${schema}.${name} REPLICA IDENTITY FULL; or set kafka.decimals to string.`,
    });
  }

  private refused(column: number, key: Row, error: unknown): unknown {
    if (!(error instanceof ValueProblem)) return error;
    const { name, type } = this.relation.columns[column] ?? {};
    const message = `${describeRow(this.relation, key)}: the value of ${name} (${type?.display}) ${error.message} [${error.problem}]`;
    const text = error.problem.startsWith('NUMERIC')
      ? 'Set kafka.decimals to string, which takes every value, or c'
      : 'C';
    const hint = `${text}hange the value at the source, or leave the column out with a column list of the publication.`;
    return new Pg2anyError('VALUE_UNREPRESENTABLE', message, { hint, cause: error });
  }
}

/** The value that stands for "not known" where null is not allowed. */
function zero({ type, fields = [] }: ConnectSchema): string {
  switch (type) {
    case 'boolean':
      return 'false';
    case 'string':
    case 'bytes':
      return '""';
    case 'array':
      return '[]';
    case 'struct':
      return `{${fields.map((one) => `"${one.field}":${one.optional ? 'null' : zero(one)}`).join(',')}}`;
    default:
      return '0';
  }
}
