import type { Delete, Insert, RowChange, Update } from '../../../model/change.ts';
import { Pg2anyError } from '../../../model/error.ts';
import { type Relation, relationName } from '../../../model/relation.ts';
import type { Row } from '../../../model/value.ts';
import { keyOf } from '../../refusal.ts';
import type { Position } from '../encoding/source-block.ts';
import { topicOf } from '../encoding/topics.ts';
import type { Bytes, Operation, Writing } from '../encoding/writing.ts';
import type { EventOptions } from '../options.ts';
import type { Message } from '../transport/message.ts';

/** An event without what its place in the transaction adds. */
export interface Event {
  /** `m` is a logical message; BEGIN and END stand in the transaction topic. */
  readonly op: Operation | 'm' | 'BEGIN' | 'END';
  readonly topic: string;
  readonly key: Bytes | null;
  readonly value: Bytes | null;
  readonly route: Bytes;
  /** Beside those that every event has. */
  readonly headers?: Message['headers'];
}

/** https://debezium.io/documentation/reference/connectors/postgresql.html#postgresql-primary-key-updates */
const NEW_KEY = '__debezium.newkey';
const OLD_KEY = '__debezium.oldkey';

/** Makes events of what happens to one table. */
export interface EventSource {
  /** Null where each row chooses its own. */
  readonly topic: string | null;
  read(row: Row, at: Position, now: number): Event | null;
  change(change: RowChange, at: Position, now: number): readonly Event[];
  truncate(at: Position, now: number): Event | null;
}

/** Events of one table. Everything that is the same for all of them is made once. Pure. */
export class TableEvents implements EventSource {
  readonly topic: string;
  private readonly relation: Relation;
  private readonly collection: string;
  private readonly options: EventOptions;
  private readonly writing: Writing<unknown>;
  /** Index of the column that chooses the partition; null: the key does. */
  private readonly partitionColumn: number | null;

  constructor(relation: Relation, options: EventOptions, writing: Writing<unknown>) {
    this.relation = relation;
    this.collection = relationName(relation);
    this.options = options;
    this.topic = topicOf(relation, options);
    this.writing = writing;
    this.partitionColumn = partitionColumn(relation, options);
  }

  /** A row of the initial copy. */
  read(row: Row, at: Position, now: number): Event {
    const key = (): Row => keyOf(this.relation, row);
    return this.event('r', key(), row, this.value('r', null, this.writing.row(row, key), at, now));
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
        this.writing.row(after, () => key),
        at,
        now,
      ),
    );
  }

  private update(change: Update, at: Position, now: number): readonly Event[] {
    const { key, after } = change;
    const next = change.whole ? key : keyOf(this.relation, after);
    if (this.relation.identity === 'key' && next.some((value, index) => value !== key[index]))
      return this.moved(change, next, at, now);
    const row = this.writing.row(after, () => next);
    return [this.event('u', next, after, this.value('u', this.before(change), row, at, now))];
  }

  /** Each of the two tells the other's key in a header, the tombstone too, as Debezium has it. */
  private moved(change: Update, next: Row, at: Position, now: number): readonly Event[] {
    const gone = { [NEW_KEY]: this.writing.keyText(next) };
    const come = { [OLD_KEY]: this.writing.keyText(change.key) };
    const { after } = change;
    return [
      ...this.remove(change, at, now).map((event) => ({ ...event, headers: gone })),
      { ...this.insert({ kind: 'insert', relation: this.relation, after }, at, now), headers: come },
    ];
  }

  private remove(change: Delete | Update, at: Position, now: number): readonly Event[] {
    const { key } = change;
    const row = change.before ?? this.known(key);
    const tombstone = this.event('d', key, row, null);
    if (this.flat(at)) return [tombstone];
    const before = this.before(change) ?? this.writing.keyOnly(key);
    const event = { ...tombstone, value: this.envelope('d', before, null, at, now) };
    return this.options.tombstones && tombstone.key !== null ? [event, tombstone] : [event];
  }

  /** The old row as far as the server sent it; null where it did not. */
  private before({ before, key }: Delete | Update): unknown {
    const row = before ?? (this.relation.identity === 'row' ? key : null);
    return row && this.writing.row(row, () => key);
  }

  /** The key's values at their places, for what is chosen by a column. */
  private known(key: Row): Row {
    const row: (Row[number] | undefined)[] = [];
    this.relation.key.forEach((column, index) => {
      row[column] = key[index];
    });
    return row as Row;
  }

  private event(op: Operation, key: Row, row: Row, value: Bytes | null): Event {
    const bytes = this.relation.identity === 'key' ? this.writing.key(key) : null;
    return { op, topic: this.topic, key: bytes, value, route: this.route(bytes, row) };
  }

  /** Rows that nothing identifies all go to one partition: any other order would be a guess. */
  private route(key: Bytes | null, row: Row): Bytes {
    if (this.partitionColumn === null) return key ?? this.topic;
    const value = row[this.partitionColumn];
    if (typeof value === 'string') return value;
    if (value === null) return '';
    const message = `${relationName(this.relation)}: the column that chooses the partition was not sent`;
    throw new Pg2anyError('VALUE_UNAVAILABLE', message);
  }

  private value(op: Operation, before: unknown, after: unknown, at: Position, now: number): Bytes {
    return this.flat(at) ? this.writing.flat(after) : this.envelope(op, before, after, at, now);
  }

  /** Whether the event has no envelope, which would count it. */
  private flat({ counts }: Position): boolean {
    if (this.options.format !== 'flat') return false;
    counts?.next(this.collection);
    return true;
  }

  private envelope(op: Operation, before: unknown, after: unknown, at: Position, now: number): Bytes {
    const order = at.counts?.next(this.collection) ?? null;
    return this.writing.envelope({ op, before, after, at, order, now });
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
