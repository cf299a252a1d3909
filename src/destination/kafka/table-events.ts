import type { Delete, Insert, RowChange, Update } from '../../model/change.ts';
import { Pg2anyError } from '../../model/error.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { Row } from '../../model/value.ts';
import { keyOf } from '../refusal.ts';
import { envelopeSchema } from './envelope-schema.ts';
import type { EventOptions } from './options.ts';
import { RowWriter } from './row-writer.ts';
import { field, struct } from './schema.ts';
import { type Position, sourceBlock, times } from './source-block.ts';
import { schemaName, topicOf } from './topics.ts';
import { transactionBlock } from './transaction-counts.ts';

/** Debezium's letters: create, update, delete, read (of the initial copy), truncate. */
export type Operation = 'c' | 'u' | 'd' | 'r' | 't';

/** An event without what its place in the transaction adds. */
export interface Event {
  /** `m` is a logical message; BEGIN and END stand in the transaction topic. */
  readonly op: Operation | 'm' | 'BEGIN' | 'END';
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly route: string;
}

/** Events of one table. Everything that is the same for all of them is made once. Pure. */
export class TableEvents {
  readonly topic: string;
  private readonly relation: Relation;
  private readonly collection: string;
  private readonly options: EventOptions;
  private readonly writer: RowWriter;
  private readonly source: (at: Position) => string;
  /** JSON of the schema with what follows it, where there is one. */
  private readonly keyHead: string;
  private readonly valueHead: string;
  private readonly tail: string;
  /** Index of the column that chooses the partition; null: the key does. */
  private readonly partitionColumn: number | null;

  constructor(relation: Relation, options: EventOptions) {
    this.relation = relation;
    this.collection = relationName(relation);
    this.options = options;
    this.topic = topicOf(relation, options);
    this.writer = new RowWriter(relation, options);
    this.source = sourceBlock(options, relation.schema, relation.name);
    const withSchema = options.format === 'debezium-schema';
    this.keyHead = withSchema ? `{"schema":${JSON.stringify(this.keySchema())},"payload":` : '';
    this.valueHead = withSchema ? `{"schema":${JSON.stringify(this.valueSchema())},"payload":` : '';
    this.tail = withSchema ? '}' : '';
    this.partitionColumn = partitionColumn(relation, options);
  }

  /** A row of the initial copy. */
  read(row: Row, at: Position, now: number): Event {
    const key = (): Row => keyOf(this.relation, row);
    return this.event('r', key(), row, this.value('r', null, this.writer.row(row, key), at, now));
  }

  /** Usually one event; a change of the key is a delete and a create, and deletes have tombstones. */
  change(change: RowChange, at: Position, now: number): readonly Event[] {
    switch (change.kind) {
      case 'insert':
        return [this.insert(change, at, now)];
      case 'update':
        return this.update(change, at, now);
      case 'delete':
        return this.remove(change, at, now);
    }
  }

  truncate(at: Position, now: number): Event {
    const value = this.flat(at) ? null : this.envelope('t', null, null, at, now);
    return { op: 't', topic: this.topic, key: null, value, route: this.topic };
  }

  private insert({ after }: Insert, at: Position, now: number): Event {
    const key = keyOf(this.relation, after);
    return this.event(
      'c',
      key,
      after,
      this.value(
        'c',
        null,
        this.writer.row(after, () => key),
        at,
        now,
      ),
    );
  }

  private update(change: Update, at: Position, now: number): readonly Event[] {
    const { key, after } = change;
    const next = change.whole ? key : keyOf(this.relation, after);
    if (this.relation.identity === 'key' && next.some((value, index) => value !== key[index]))
      return [
        ...this.remove(change, at, now),
        this.insert({ kind: 'insert', relation: this.relation, after }, at, now),
      ];
    const row = this.writer.row(after, () => next);
    return [this.event('u', next, after, this.value('u', this.before(change), row, at, now))];
  }

  private remove(change: Delete | Update, at: Position, now: number): readonly Event[] {
    const { key } = change;
    const row = change.before ?? this.known(key);
    const tombstone = this.event('d', key, row, null);
    if (this.flat(at)) return [tombstone];
    const before = this.before(change) ?? this.writer.keyOnly(key);
    const event = this.event('d', key, row, this.envelope('d', before, null, at, now));
    return this.options.tombstones && tombstone.key !== null ? [event, tombstone] : [event];
  }

  /** The old row as far as the server sent it; null where it did not. */
  private before({ before, key }: Delete | Update): string | null {
    const row = before ?? (this.relation.identity === 'row' ? key : null);
    return row && this.writer.row(row, () => key);
  }

  /** The key's values at their places, for what is chosen by a column. */
  private known(key: Row): Row {
    const row: (Row[number] | undefined)[] = [];
    this.relation.key.forEach((column, index) => {
      row[column] = key[index];
    });
    return row as Row;
  }

  private event(op: Operation, key: Row, row: Row, value: string | null): Event {
    const json = this.relation.identity === 'key' ? this.writer.key(key) : null;
    const framed = json === null ? null : this.keyHead + json + this.tail;
    return { op, topic: this.topic, key: framed, value, route: this.route(framed, row) };
  }

  /** Rows that nothing identifies all go to one partition: any other order would be a guess. */
  private route(key: string | null, row: Row): string {
    if (this.partitionColumn === null) return key ?? this.topic;
    const value = row[this.partitionColumn];
    if (typeof value === 'string') return value;
    if (value === null) return '';
    const message = `${relationName(this.relation)}: the column that chooses the partition was not sent`;
    throw new Pg2anyError('VALUE_UNAVAILABLE', message);
  }

  private value(op: Operation, before: string | null, after: string, at: Position, now: number): string {
    return this.flat(at) ? after : this.envelope(op, before, after, at, now);
  }

  /** Whether the event has no envelope, which would count it. */
  private flat({ counts }: Position): boolean {
    if (this.options.format !== 'flat') return false;
    counts?.next(this.collection);
    return true;
  }

  private envelope(op: Operation, before: string | null, after: string | null, at: Position, now: number): string {
    const rows = `"before":${before},"after":${after},"source":${this.source(at)}`;
    return `${this.valueHead}{${rows},"transaction":${transactionBlock(at.counts, this.collection)},"op":"${op}",${times(now)}}${this.tail}`;
  }

  private get schemaBase(): readonly string[] {
    return [this.options.prefix, this.relation.schema, this.relation.name];
  }

  private keySchema() {
    const fields = this.relation.key.map(
      (column) => this.writer.fields[column]?.schema ?? field('', { type: 'string', optional: true }),
    );
    return struct(fields, schemaName(...this.schemaBase, 'Key'));
  }

  private valueSchema() {
    const fields = this.writer.fields.map(({ schema }) => schema);
    return envelopeSchema(fields, schemaName(...this.schemaBase));
  }
}

function partitionColumn(relation: Relation, { partitionBy }: EventOptions): number | null {
  const name = partitionBy.get(relationName(relation));
  if (name === undefined) return null;
  const index = relation.columns.findIndex((column) => column.name === name);
  if (index < 0)
    throw new Pg2anyError(
      'CONFIG_INVALID',
      `kafka.partitionBy names ${relationName(relation)}.${name}, which does not exist`,
    );
  if (relation.replicaIdentity !== 'full' && relation.identity !== 'none' && !relation.key.includes(index))
    throw new Pg2anyError(
      'TABLE_UNSUITABLE',
      `${relationName(relation)}: deletes do not show ${name}, which is to choose the partition`,
      {
        hint: `ALTER TABLE ${relation.schema}.${relation.name} REPLICA IDENTITY FULL; or partition by a column of the key.`,
      },
    );
  return index;
}
