import type { RowChange } from '../../../model/change.ts';
import { Pg2anyError } from '../../../model/error.ts';
import { columnKey, columnRules, type ValueRules } from '../../../model/mapping.ts';
import { type Relation, relationName } from '../../../model/relation.ts';
import type { Row, Value } from '../../../model/value.ts';
import { describeRow, keyOf } from '../../refusal.ts';
import type { Position } from '../encoding/source-block.ts';
import { type EventOptions, hasSchema } from '../options.ts';
import { eventBytes, fits } from './event-size.ts';
import type { Event, EventSource } from './table-events.ts';

/** The column at this index lost a value. */
export type Replaced = (relation: Relation, column: number) => void;

/** The rows of which events are made; the same index is the same column. */
type Rows = readonly (Row | undefined)[];

/**
 * Lets no event pass that is larger than topics take. Where the policy of PACKET_TOO_LARGE is `null`, the longest values
 * become NULL until it fits; otherwise it is an error that names the row.
 */
export class Fitting implements EventSource {
  readonly topic: string | null;
  private readonly source: EventSource;
  private readonly relation: Relation;
  private readonly collection: string;
  private readonly limit: number;
  /** Indexes of columns that may become NULL. */
  private readonly columns: readonly number[];
  private readonly replaced: Replaced;

  constructor(source: EventSource, relation: Relation, options: EventOptions, rules: ValueRules, replaced: Replaced) {
    this.topic = source.topic;
    this.source = source;
    this.relation = relation;
    this.collection = relationName(relation);
    this.limit = options.maxMessageBytes;
    this.columns = source.topic === null ? [] : replaceable(relation, options, rules);
    this.replaced = replaced;
  }

  read(row: Row, at: Position, now: number): Event | null {
    const event = this.source.read(row, at, now);
    if (!event || fits(event, this.limit)) return event;
    return this.shorten([event], [row], keyOf(this.relation, row), ([less = row]) => {
      const shorter = this.source.read(less, at, now);
      return shorter ? [shorter] : [];
    })[0] as Event;
  }

  change(change: RowChange, at: Position, now: number): readonly Event[] {
    const { relation } = this;
    const mark = at.counts?.mark(this.collection);
    const events = this.source.change(change, at, now);
    if (events.every((event) => fits(event, this.limit))) return events;
    const after = change.kind === 'delete' ? undefined : change.after;
    const key = change.kind === 'insert' ? keyOf(relation, change.after) : change.key;
    const before =
      change.kind === 'insert' ? undefined : (change.before ?? (relation.identity === 'row' ? key : undefined));
    return this.shorten(events, [after, before], key, ([less, old]) => {
      if (mark) at.counts?.back(this.collection, mark);
      return this.source.change(changed(change, key, less, old), at, now);
    });
  }

  truncate(at: Position, now: number): Event | null {
    return this.source.truncate(at, now);
  }

  private shorten(
    events: readonly Event[],
    rows: Rows,
    key: Row,
    again: (rows: Rows) => readonly Event[],
  ): readonly Event[] {
    let [made, less] = [events, rows];
    const gone: number[] = [];
    while (!made.every((event) => fits(event, this.limit))) {
      const column = longest(less, this.columns);
      if (column === null) throw this.tooLarge(events, rows, key);
      less = less.map((row) => row && without(row, column));
      gone.push(column);
      made = again(less);
    }
    for (const column of gone) this.replaced(this.relation, column);
    return made;
  }

  private tooLarge(events: readonly Event[], rows: Rows, key: Row): Pg2anyError {
    const { relation, limit } = this;
    const bytes = Math.max(...events.map(eventBytes));
    const raise = `Raise kafka.maxMessageBytes, and max.message.bytes of ${events[0]?.topic} with it, or make the row smaller`;
    const others = relation.columns.flatMap((_, i) =>
      relation.key.includes(i) && relation.identity === 'key' ? [] : [i],
    );
    const column = this.topic === null ? null : longest(rows, others);
    const name = relation.columns[column ?? -1]?.name;
    const line = `columns: { "${columnKey(relation, name ?? '')}": { policy: { PACKET_TOO_LARGE: null } } }`;
    const hint = name === undefined ? `${raise}.` : `${raise}: ${line} lets it pass, with null in its place.`;
    const message = `${describeRow(relation, key)}: its event has ${bytes} bytes, more than the ${limit} of kafka.maxMessageBytes [PACKET_TOO_LARGE]`;
    return new Pg2anyError('VALUE_UNREPRESENTABLE', message, { hint, problem: 'PACKET_TOO_LARGE' });
  }
}

/** With a schema a column that is NOT NULL cannot be null there either. */
function replaceable(relation: Relation, options: EventOptions, rules: ValueRules): number[] {
  return relation.columns.flatMap(({ name, notNull }, i) => {
    if ((relation.identity === 'key' && relation.key.includes(i)) || (notNull && hasSchema(options))) return [];
    return columnRules(rules, relation, name).policy('PACKET_TOO_LARGE') === 'null' ? [i] : [];
  });
}

/** Properties of a change may be read from bytes each time: they are named, not spread. */
function changed(change: RowChange, key: Row, after: Row = [], before: Row | undefined): RowChange {
  const { kind, relation } = change;
  const old = before ? { before } : {};
  const own = relation.identity === 'row' && before ? before : key;
  if (kind === 'insert') return { kind, relation, after };
  return kind === 'update' ? { kind, relation, key: own, after, ...old } : { kind, relation, key: own, ...old };
}

const lengthOf = (value: Value | undefined): number => (typeof value === 'string' ? value.length : 0);

function longest(rows: Rows, columns: readonly number[]): number | null {
  let [best, most] = [null as number | null, 0];
  for (const column of columns)
    for (const row of rows) {
      const length = lengthOf(row?.[column]);
      if (length > most) [best, most] = [column, length];
    }
  return best;
}

const without = (row: Row, column: number): Row => row.map((value, at) => (at === column ? null : value));
