import type { Change, SourceEvent } from '../model/change.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Lsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import { type Row, UNCHANGED, type Value } from '../model/value.ts';
import { decode } from '../pgoutput/decode.ts';
import { DATA_HEADER, decodeFrame, isData } from '../pgoutput/frame.ts';
import type { Message, OldRow, RelationMessage, Update } from '../pgoutput/message.ts';
import type { Before } from './catalog.ts';
import type { Messages } from './copy-messages.ts';
import { rawChanges } from './raw-changes.ts';

/** What the assembler asks of the catalog. */
export interface Lookup {
  /** `before`: what the table was; null where it was never seen. */
  describe(message: RelationMessage, before: Before | null): Promise<Relation>;
  /** What the destination remembers of a table that this session has not seen yet. */
  remembered(oid: number): Before | null;
  /** The row's present values, or null when it is gone. */
  refetch(relation: Relation, key: Row): Promise<Row | null>;
}

const CONTEXT = { inStream: false } as const;

const sameShape = (a: Relation, b: Relation): boolean =>
  JSON.stringify([a.schema, a.name, a.replicaIdentity, a.key, a.columns, a.unclear]) ===
  JSON.stringify([b.schema, b.name, b.replicaIdentity, b.key, b.columns, b.unclear]);

/** Messages → events, in order. Keeps the relations of this session and whether a transaction is open. */
export class Assembler {
  private readonly relations = new Map<number, Relation>();
  private readonly lookup: Lookup;
  private readonly from: Lsn;
  private open = false;
  /** The open transaction ended before our start position: a guard, the server does not send such. */
  private skipping = false;

  constructor(lookup: Lookup, from: Lsn) {
    this.lookup = lookup;
    this.from = from;
  }

  async feed(chunks: readonly Messages[]): Promise<SourceEvent[]> {
    const events: SourceEvent[] = [];
    for (const chunk of chunks) await this.chunk(chunk, events);
    return events;
  }

  private async chunk(messages: Messages, events: SourceEvent[]): Promise<void> {
    const { buffer, bounds } = messages;
    for (let i = 0; i < bounds.length; ) {
      const start = bounds[i] as number;
      const end = bounds[i + 1] as number;
      const raw = isData(buffer, start) ? rawChanges(messages, i, this.relations) : null;
      if (raw && !this.skipping) events.push(raw.change);
      else if (!isData(buffer, start)) this.idle(buffer, start, end, events);
      else if (!raw) await this.decode(buffer, start + DATA_HEADER, end, events);
      i = raw ? raw.next : i + 2;
    }
  }

  private async decode(buffer: Buffer, start: number, end: number, events: SourceEvent[]): Promise<void> {
    const message = this.decoded(buffer, start, end);
    if (message.kind === 'relation') await this.relation(message, events);
    else if (message.kind === 'insert' && message.after.includes(UNCHANGED)) await this.incomplete(message, events);
    else this.message(message, events);
  }

  private decoded(buffer: Buffer, start: number, end: number): Message {
    try {
      return decode(buffer, start, end, CONTEXT);
    } catch (error) {
      throw this.located(error, buffer, start);
    }
  }

  /** The decoder knows bytes; this adds the table, whose OID follows the tag of every row change. */
  private located(error: unknown, buffer: Buffer, start: number): unknown {
    const isRow = start + 5 <= buffer.length && 'IUD'.includes(String.fromCharCode(buffer[start] ?? 0));
    const relation = isRow ? this.relations.get(buffer.readUInt32BE(start + 1)) : undefined;
    if (!relation || !(error instanceof Pg2anyError)) return error;
    const message = `${relationName(relation)}: ${error.message}`;
    return new Pg2anyError(error.code, message, { hint: error.hint, cause: error });
  }

  private idle(buffer: Buffer, start: number, end: number, events: SourceEvent[]): void {
    const frame = decodeFrame(buffer, start, end);
    if (this.open || frame.kind !== 'keepalive') return;
    const last = events.at(-1);
    const urgent = frame.replyRequested || (last?.kind === 'idle' && last.urgent);
    if (last?.kind === 'idle') events.pop();
    events.push({ kind: 'idle', walEnd: frame.walEnd, urgent });
  }

  private message(message: Message, events: SourceEvent[]): void {
    switch (message.kind) {
      case 'begin':
        this.open = true;
        this.skipping = message.commitLsn < this.from;
        if (!this.skipping) events.push(message);
        return;
      case 'commit':
        this.open = false;
        if (!this.skipping) events.push(message);
        this.skipping = false;
        return;
      case 'origin':
      case 'type':
        return;
      default: {
        const change = this.skipping ? null : this.change(message);
        if (change) events.push(change);
      }
    }
  }

  private change(message: Message): Change | null {
    switch (message.kind) {
      case 'insert':
        return { kind: 'insert', relation: this.known(message.oid), after: message.after };
      case 'update':
        return this.update(message, this.known(message.oid));
      case 'delete': {
        const relation = this.known(message.oid);
        return { kind: 'delete', relation, key: this.oldKey(relation, message.old), ...before(message.old) };
      }
      case 'truncate':
        return { kind: 'truncate', relations: message.oids.map((oid) => this.known(oid)) };
      case 'message':
        // A non-transactional message may come from a transaction that rolled back: never data.
        return message.transactional
          ? { kind: 'message', prefix: message.prefix, content: message.content, transactional: true }
          : null;
      default:
        throw new Pg2anyError('PROTOCOL', `the server sent a ${message.kind} message, which was not asked for`);
    }
  }

  private update(message: Update, relation: Relation): Change {
    const after = message.old ? completed(message.after, message.old, relation) : message.after;
    const key = message.old ? this.oldKey(relation, message.old) : pick(after, relation);
    if (relation.identity === 'key' && key.includes(UNCHANGED)) {
      throw new Pg2anyError('PROTOCOL', `an update of ${relationName(relation)} came without its key`);
    }
    return { kind: 'update', relation, key, after, ...(message.old ? before(message.old) : {}) };
  }

  private oldKey(relation: Relation, old: OldRow): Row {
    if (relation.identity === 'none' || (relation.identity === 'row' && old.kind === 'key')) {
      throw new Pg2anyError('TABLE_UNSUITABLE', `${relationName(relation)} has no key, but a row of it was changed`, {
        hint: `ALTER TABLE ${relation.schema}.${relation.name} REPLICA IDENTITY FULL; then copy the table again.`,
      });
    }
    return pick(old.row, relation);
  }

  private known(oid: number): Relation {
    const relation = this.relations.get(oid);
    if (!relation)
      throw new Pg2anyError('PROTOCOL', `a change came for table OID ${oid}, which the server never described`);
    return relation;
  }

  /** Sent again after any invalidation, also without a visible difference: then nothing happened. */
  private async relation(message: RelationMessage, events: SourceEvent[]): Promise<void> {
    const previous = this.relations.get(message.oid) ?? null;
    const before = previous ? numbered(previous) : this.lookup.remembered(message.oid);
    const relation = await this.lookup.describe(message, before);
    if (previous && sameShape(previous, relation)) return;
    this.relations.set(message.oid, relation);
    events.push({ kind: 'relation', relation, previous });
  }

  /**
   * A row that an UPDATE moved into the publication's row filter comes as an insert, without its unchanged TOAST
   * values. They are read from the source: later changes of them follow in the stream.
   */
  private async incomplete(message: Extract<Message, { kind: 'insert' }>, events: SourceEvent[]): Promise<void> {
    const relation = this.known(message.oid);
    const now = relation.identity === 'key' ? await this.lookup.refetch(relation, pick(message.after, relation)) : null;
    if (!now) {
      const message = `a row of ${relationName(relation)} entered the row filter without its unchanged large values, and it is no longer at the source`;
      throw new Pg2anyError('VALUE_UNAVAILABLE', message);
    }
    const after = message.after.map((value, index) => (value === UNCHANGED ? (now[index] ?? null) : value));
    if (!this.skipping) events.push({ kind: 'insert', relation, after });
  }
}

/** Null where the numbers themselves are not all known. */
function numbered({ columns }: Relation): Before | null {
  const known = columns.flatMap(({ attnum, name, type }) =>
    attnum === null ? [] : [{ attnum, name, typeOid: type.oid, typmod: type.typmod }],
  );
  return known.length === columns.length ? known : null;
}

const pick = (row: Row, relation: Relation): Row => relation.key.map((index): Value => row[index] ?? null);

const before = (old: OldRow): { before?: Row } => (old.kind === 'full' ? { before: old.row } : {});

/** An unchanged value that the old row shows. In a key row only the key columns say anything. */
function completed(after: Row, old: OldRow, relation: Relation): Row {
  if (!after.includes(UNCHANGED)) return after;
  const says = (index: number): boolean => old.kind === 'full' || relation.key.includes(index);
  return after.map((value, index) => (value === UNCHANGED && says(index) ? (old.row[index] ?? null) : value));
}
