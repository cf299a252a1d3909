import type { Batch, TransactionPart } from '../../model/batch.ts';
import type { Change } from '../../model/change.ts';
import { Pg2anyError } from '../../model/error.ts';
import { formatLsn, type Lsn } from '../../model/lsn.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import { JsonWriting } from './json-writing.ts';
import type { Message } from './message.ts';
import type { EventOptions } from './options.ts';
import { messageOf, Sequence } from './sequence.ts';
import { type Position, sourceBlock, times } from './source-block.ts';
import { type Event, TableEvents } from './table-events.ts';
import { tableSchema } from './table-schema.ts';
import { safeName } from './topics.ts';
import { TransactionCounts } from './transaction-counts.ts';
import { TransactionEvents, transactionTopicOf } from './transaction-events.ts';

/** Turns batches into records, in order. Pure but for what it remembers of an open transaction. */
export class Events {
  private readonly options: EventOptions;
  private readonly tables = new Map<Relation, TableEvents>();
  private readonly sequence = new Sequence();
  private readonly noTable: (at: Position) => string;
  private readonly boundaries: TransactionEvents | null;
  /** Of the transaction whose events are under way; null before its first one. */
  private counts: TransactionCounts | null = null;
  private previous: Lsn | null = null;

  constructor(options: EventOptions) {
    this.options = options;
    this.noTable = sourceBlock(options, '', '');
    const topic = transactionTopicOf(options);
    this.boundaries = topic === null ? null : new TransactionEvents(topic, options);
  }

  prepare(relation: Relation): TableEvents {
    const known = this.tables.get(relation);
    if (known) return known;
    const writing = new JsonWriting(relation, tableSchema(relation, this.options), this.options);
    const table = new TableEvents(relation, this.options, writing);
    this.tables.set(relation, table);
    return table;
  }

  /** `now`: ms since the epoch. Throws INTERNAL for a batch without parts, and what values throw. */
  *of(batch: Batch, now: number): Generator<Message> {
    if (!batch.parts && batch.changes.length > 0)
      throw new Pg2anyError('INTERNAL', 'a batch does not say where its transactions end');
    let from = 0;
    for (const part of batch.parts ?? []) {
      yield* this.part(batch.changes, from, part, now);
      from = part.upTo;
    }
  }

  /** What was not committed comes again. */
  reset(): void {
    this.counts = null;
    this.sequence.reset();
  }

  private *part(changes: readonly Change[], from: number, part: TransactionPart, now: number): Generator<Message> {
    const { xid, commitLsn, commitTime } = part;
    if (part.upTo > from) yield* this.opened(part);
    const at: Position = { xid, lsn: commitLsn, previous: this.previous, time: commitTime, counts: this.counts };
    for (let index = from; index < part.upTo; index++) {
      for (const event of this.events(changes[index] as Change, at, now)) {
        const message = this.sequence.add(event, part);
        if (message) yield message;
      }
    }
    if (part.open) return;
    const last = this.sequence.end();
    if (last) yield last;
    if (this.counts && this.boundaries) yield boundary(this.boundaries.end(this.counts, commitTime), part);
    this.counts = null;
    this.previous = commitLsn;
  }

  /** The first change of a transaction is next. Transactions without any have no boundaries either. */
  private *opened(part: TransactionPart): Generator<Message> {
    if (this.counts || this.options.transactions === 'none') return;
    this.counts = new TransactionCounts(part);
    if (this.boundaries) yield boundary(this.boundaries.begin(this.counts, part.commitTime), part);
  }

  private events(change: Change, at: Position, now: number): readonly Event[] {
    if (change.kind === 'message') return [this.logical(change.prefix, change.content, at, now)];
    if (change.kind === 'truncate') return change.relations.map((one) => this.table(one).truncate(at, now));
    return this.table(change.relation).change(change, at, now);
  }

  /** `pg_logical_emit_message`: the content as base64 in the envelope, as it is otherwise. */
  private logical(prefix: string, content: Uint8Array, at: Position, now: number): Event {
    const q = JSON.stringify;
    const body = `{"prefix":${q(prefix)},"content":"${Buffer.from(content).toString('base64')}"}`;
    const value =
      this.options.format === 'flat' ? body : `{"source":${this.noTable(at)},"op":"m",${times(now)},"message":${body}}`;
    const key = `{"prefix":${q(prefix)}}`;
    return { op: 'm', topic: safeName(`${this.options.prefix}.message`), key, value, route: key };
  }

  private table(relation: Relation): TableEvents {
    const table = this.tables.get(relation);
    if (!table) throw new Pg2anyError('INTERNAL', `${relationName(relation)} is written before it was prepared`);
    return table;
  }
}

/** Not one of the transaction's own events: it has no ordinal. */
const boundary = (event: Event, { xid, commitLsn }: TransactionPart): Message =>
  messageOf(event, { 'pg2any.lsn': formatLsn(commitLsn), 'pg2any.xid': String(xid) });
