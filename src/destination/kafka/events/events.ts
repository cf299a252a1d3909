import type { Batch, TransactionPart } from '../../../model/batch.ts';
import type { Change } from '../../../model/change.ts';
import { Pg2anyError } from '../../../model/error.ts';
import { formatLsn, type Lsn } from '../../../model/lsn.ts';
import { DEFAULT_RULES, type ValueRules } from '../../../model/mapping.ts';
import { type Relation, relationName } from '../../../model/relation.ts';
import { type Encoding, JsonEncoding, jsonWriting } from '../encoding/encoding.ts';
import type { Native } from '../encoding/native.ts';
import { recordTopic } from '../encoding/record-schemas.ts';
import { nativeSource, nativeTimes, type Position } from '../encoding/source-block.ts';
import { TransactionCounts } from '../encoding/transaction-counts.ts';
import type { Writing } from '../encoding/writing.ts';
import type { EventOptions } from '../options.ts';
import type { Message } from '../transport/message.ts';
import { eventBytes, fits } from './event-size.ts';
import { Fitting, type Replaced } from './fitting.ts';
import { isOutbox, Outbox, type Warn } from './outbox.ts';
import { OutboxTable } from './outbox-table.ts';
import { messageOf, Sequence } from './sequence.ts';
import { type Event, type EventSource, TableEvents } from './table-events.ts';
import { TransactionEvents, transactionTopicOf } from './transaction-events.ts';

/** What else decides about events, and who is told of what became of them. */
export interface EventRules {
  readonly rules: ValueRules;
  /** Something was passed over. */
  readonly warn: Warn;
  readonly replaced: Replaced;
}

const USUAL: EventRules = { rules: DEFAULT_RULES, warn: () => undefined, replaced: () => undefined };

/** What Debezium counts logical messages under. */
const MESSAGES = 'LOGICAL_DECODING_MESSAGE';

/** Turns batches into records, in order. Pure but for what it remembers of an open transaction. */
export class Events {
  private readonly options: EventOptions;
  private readonly rules: EventRules;
  private readonly tables = new Map<Relation, EventSource>();
  private readonly sequence = new Sequence();
  private readonly noTable: (at: Position) => Native;
  private readonly encoding: Pick<Encoding, 'records'>;
  private readonly outbox: Outbox;
  private readonly boundaries: TransactionEvents | null;
  /** Of the transaction whose events are under way; null before its first one. */
  private counts: TransactionCounts | null = null;
  private previous: Lsn | null = null;

  constructor(
    options: EventOptions,
    rules: EventRules = USUAL,
    encoding: Pick<Encoding, 'records'> = new JsonEncoding(options),
  ) {
    this.options = options;
    this.rules = rules;
    this.encoding = encoding;
    this.outbox = new Outbox(options, rules.warn);
    this.noTable = nativeSource(options, '', '');
    const topic = transactionTopicOf(options);
    this.boundaries = topic === null ? null : new TransactionEvents(topic, () => encoding.records('transaction'));
  }

  known(relation: Relation): EventSource | null {
    return this.tables.get(relation) ?? null;
  }

  prepare(relation: Relation, writing: Writing<unknown> = jsonWriting(relation, this.options)): EventSource {
    const source = isOutbox(relation, this.options)
      ? new OutboxTable(relation, this.outbox, this.options)
      : new TableEvents(relation, this.options, writing);
    const { rules, replaced } = this.rules;
    const table = new Fitting(source, relation, this.options, rules, replaced);
    this.tables.set(relation, table);
    return table;
  }

  /** Whether there are messages in the batch that are not of an outbox. */
  hasMessages({ changes }: Batch): boolean {
    for (const change of changes)
      if (change.kind === 'message' && change.prefix !== this.options.outbox.messages) return true;
    return false;
  }

  /** `now`: ms since the epoch. Throws INTERNAL for a batch without parts, and what values throw. */
  *of(batch: Batch, now: number): Generator<Message> {
    if (!batch.parts && batch.changes.length > 0)
      throw new Pg2anyError('INTERNAL', 'a batch does not say where its transactions end');
    const changes = [...batch.changes];
    let from = 0;
    for (const part of batch.parts ?? []) {
      yield* this.part(changes, from, part, now);
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
    if (change.kind === 'message') return one(this.message(change.prefix, change.content, at, now));
    if (change.kind === 'truncate')
      return change.relations.flatMap((relation) => one(this.table(relation).truncate(at, now)));
    return this.table(change.relation).change(change, at, now);
  }

  private message(prefix: string, content: Uint8Array, at: Position, now: number): Event | null {
    const isEntry = prefix === this.options.outbox.messages;
    const event = isEntry ? this.outbox.message(prefix, content) : this.logical(prefix, content, at, now);
    const { maxMessageBytes } = this.options;
    if (event && !fits(event, maxMessageBytes)) throw messageTooLarge(prefix, event, maxMessageBytes);
    if (event) at.counts?.next(MESSAGES);
    return event;
  }

  /** `pg_logical_emit_message`. */
  private logical(prefix: string, content: Uint8Array, at: Position, now: number): Event {
    const { key, value } = this.encoding.records('message');
    const message = { prefix, content: Buffer.from(content) };
    const whole = { source: this.noTable(at), op: 'm', ...nativeTimes(now), message };
    const bytes = key({ prefix });
    const body = value(this.options.format === 'flat' ? message : whole);
    return { op: 'm', topic: recordTopic('message', this.options), key: bytes, value: body, route: bytes };
  }

  private table(relation: Relation): EventSource {
    const table = this.tables.get(relation);
    if (!table) throw new Pg2anyError('INTERNAL', `${relationName(relation)} is written before it was prepared`);
    return table;
  }
}

function messageTooLarge(prefix: string, event: Event, limit: number): Pg2anyError {
  const bytes = eventBytes(event);
  const message = `the event of a message ${prefix} has ${bytes} bytes, more than the ${limit} of kafka.maxMessageBytes [PACKET_TOO_LARGE]`;
  return new Pg2anyError('VALUE_UNREPRESENTABLE', message, {
    hint: `Raise kafka.maxMessageBytes, and max.message.bytes of ${event.topic} with it.`,
    problem: 'PACKET_TOO_LARGE',
  });
}

const one = (event: Event | null): readonly Event[] => (event ? [event] : []);

/** Not one of the transaction's own events: it has no ordinal. */
const boundary = (event: Event, { xid, commitLsn }: TransactionPart): Message =>
  messageOf(event, { 'pg2any.lsn': formatLsn(commitLsn), 'pg2any.xid': String(xid) });
