import { Pg2anyError } from '../../../model/error.ts';
import { OUTBOX_FIELDS, type OutboxAddition, type OutboxField, type OutboxSettings } from '../../../model/outbox.ts';
import { type Relation, relationName } from '../../../model/relation.ts';
import { safeName, topicOf } from '../encoding/topics.ts';
import type { Bytes } from '../encoding/writing.ts';
import type { EventOptions } from '../options.ts';
import { type Entry, messageEntry, type OutboxCell } from './outbox-entry.ts';
import type { Event } from './table-events.ts';

/** What was passed over, for people. */
export type Warn = (message: string) => void;

type Options = Pick<EventOptions, 'prefix' | 'checkpointTopic' | 'outbox'>;

const USUAL: readonly OutboxAddition[] = [{ column: 'type', place: 'header', as: 'eventType' }];

/**
 * Makes events of what applications write into an outbox: the topic is the kind of their aggregate, the key its id, the
 * value their payload. https://debezium.io/documentation/reference/transformations/outbox-event-router.html
 */
export class Outbox {
  readonly settings: OutboxSettings;
  private readonly options: Options;
  private readonly additional: readonly OutboxAddition[];
  private readonly enveloped: boolean;
  private readonly warn: Warn;

  constructor(options: Options, warn: Warn) {
    this.options = options;
    this.settings = options.outbox;
    this.additional = options.outbox.additional ?? USUAL;
    this.enveloped = this.additional.some(({ place }) => place === 'envelope');
    this.warn = warn;
  }

  /** The column that holds a field. */
  column(field: OutboxField): string {
    return this.settings.columns.get(field) ?? field;
  }

  /** Null where it was passed over. Throws VALUE_REFUSED where it may not be. */
  message(prefix: string, content: Uint8Array): Event | null {
    const entry = messageEntry(prefix, Buffer.from(content).toString());
    return entry ? this.event(entry, 'c') : this.unroutable(`message ${prefix}: its content is not a JSON object`);
  }

  /** As `message`. */
  event(entry: Entry, op: 'c' | 'r'): Event | null {
    const topic = this.topic(entry);
    if (topic === null) return null;
    const payload = this.field(entry, 'payload');
    if (!payload) return this.unroutable(`${entry.where}: it has no ${this.column('payload')}`);
    const key = this.field(entry, 'aggregateid')?.text ?? null;
    return { op, topic, key, value: this.value(entry, payload), route: key ?? topic, headers: this.headers(entry) };
  }

  /** What an outbox is not for, such as an update. */
  refuse(message: string): void {
    if (this.settings.invalid === 'stop') throw refused(message, 'warn');
    this.warn(message);
  }

  private unroutable(message: string): null {
    if (this.settings.invalid !== 'skip') throw refused(message, 'skip');
    this.warn(message);
    return null;
  }

  private field(entry: Entry, field: OutboxField): OutboxCell | undefined {
    return entry.cell(this.column(field));
  }

  private topic(entry: Entry): string | null {
    const aggregatetype = this.field(entry, 'aggregatetype')?.text ?? '';
    if (aggregatetype === '') return this.unroutable(`${entry.where}: ${this.column('aggregatetype')} is empty`);
    const parts: Readonly<Record<string, string>> = { aggregatetype, prefix: this.options.prefix };
    const name = this.settings.topic.replaceAll(/\{(aggregatetype|prefix)\}/g, (_, part: string) => parts[part] ?? '');
    const topic = safeName(name);
    if (topic === this.options.checkpointTopic || topic === '.' || topic === '..')
      return this.unroutable(`${entry.where}: ${topic} cannot be the topic of an event`);
    return topic;
  }

  private headers(entry: Entry): Record<string, string> {
    const headers: Record<string, string> = {};
    const id = this.field(entry, 'id')?.text;
    if (typeof id === 'string') headers.id = id;
    for (const { column, place, as } of this.additional) {
      const text = place === 'header' ? entry.cell(column)?.text : null;
      if (typeof text === 'string') headers[as] = text;
    }
    return headers;
  }

  private value(entry: Entry, payload: OutboxCell): Bytes | null {
    const { tombstones, expandJson } = this.settings;
    if (tombstones && (payload.bytes === null || payload.bytes.length === 0)) return null;
    if (!this.enveloped) return payload.bytes ?? payload.nothing;
    const fields = this.additional.flatMap(({ column, place, as }) =>
      place === 'envelope' ? [`,${JSON.stringify(as)}:${entry.cell(column)?.json(expandJson) ?? 'null'}`] : [],
    );
    return `{"payload":${payload.json(expandJson)}${fields.join('')}}`;
  }
}

/** Whether rows of the table are events themselves. */
export const isOutbox = (relation: Pick<Relation, 'schema' | 'name'>, { outbox }: Pick<Options, 'outbox'>): boolean =>
  outbox.tables.includes(relationName(relation));

/** Throws TABLE_UNSUITABLE where a column is missing that an outbox must have. */
export function admitOutbox(relation: Relation, { columns, additional }: OutboxSettings): void {
  const needed = [
    ...OUTBOX_FIELDS.map((field) => columns.get(field) ?? field),
    ...(additional ?? []).map(({ column }) => column),
  ];
  const missing = needed.filter((name) => !relation.columns.some((column) => column.name === name));
  if (missing.length === 0) return;
  const message = `${relationName(relation)} is an outbox, but has no column ${missing.join(', ')}`;
  throw new Pg2anyError('TABLE_UNSUITABLE', message, {
    hint: 'Name its columns with kafka.outbox.columns, or take it out of kafka.outbox.tables.',
  });
}

/** Where events of a table go, for people; those of an outbox each have their own topic. */
export const placeOf = (
  relation: Relation,
  options: Pick<EventOptions, 'topic' | 'topics' | 'prefix' | 'outbox'>,
): string =>
  isOutbox(relation, options)
    ? options.outbox.topic.replaceAll('{prefix}', options.prefix)
    : topicOf(relation, options);

function refused(message: string, way: 'warn' | 'skip'): Pg2anyError {
  return new Pg2anyError('VALUE_REFUSED', message, {
    hint: `Correct what writes into the outbox; kafka.outbox.invalid: ${way} passes it over with a warning.`,
  });
}
