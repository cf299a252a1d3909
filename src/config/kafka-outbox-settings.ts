import { z } from 'zod';
import { DEFAULT_OUTBOX, OUTBOX_FIELDS, OUTBOX_INVALID, type OutboxAddition } from '../model/outbox.ts';
import { choice, flag, type Kind, kind, name, tables, text } from './kinds.ts';
import { setting } from './setting.ts';

const COLUMNS_MESSAGE = `must be pairs field:column of ${OUTBOX_FIELDS.join(', ')}, such as aggregatetype:kind`;

const columns: Kind<ReadonlyMap<string, string>, Readonly<Record<string, string>>> = kind(
  'pairs field:column',
  (raw) => Object.fromEntries(raw.split(',').map((pair) => pair.split(':').map((part) => part.trim()))),
  z
    .record(z.string(), z.string().min(1), COLUMNS_MESSAGE)
    .refine(
      (record) => Object.keys(record).every((one) => OUTBOX_FIELDS.some((field) => field === one)),
      COLUMNS_MESSAGE,
    )
    .transform((record) => new Map(Object.entries(record))),
);

const ADDITION = /^([^:]+):(header|envelope)(?::([^:]+))?$/;
const ADDITIONS_MESSAGE =
  'must be column:header or column:envelope, with :name behind it where it has another name there';

const additional: Kind<readonly OutboxAddition[], readonly string[]> = kind(
  'list of column:place:name',
  (raw) => raw.split(',').map((item) => item.trim()),
  z.array(z.string().regex(ADDITION, ADDITIONS_MESSAGE), ADDITIONS_MESSAGE).transform((items) =>
    items.map((item): OutboxAddition => {
      const [, column = '', place, as = column] = ADDITION.exec(item) ?? [];
      return { column, place: place === 'envelope' ? place : 'header', as };
    }),
  ),
);

const TOPIC = name(
  /^(?:[A-Za-z0-9._-]|\{prefix\}|\{aggregatetype\}){1,249}$/,
  'may have letters, digits, dots, dashes, underscores, {prefix} and {aggregatetype}',
);

/** Events that applications write themselves, in the manner of Debezium's outbox event router. */
export const OUTBOX_SETTINGS = {
  'kafka.outbox.tables': setting({
    kind: tables,
    env: ['CDC_KAFKA_OUTBOX_TABLES'],
    fallback: null,
    doc: 'Tables whose inserted rows are events of the application, such as `public.outbox`.',
  }),
  'kafka.outbox.messages': setting({
    kind: text,
    env: ['CDC_KAFKA_OUTBOX_MESSAGES'],
    fallback: null,
    doc: 'Prefix of `pg_logical_emit_message` whose contents are events of the application: JSON objects with the same fields.',
  }),
  'kafka.outbox.topic': setting({
    kind: TOPIC,
    env: ['CDC_KAFKA_OUTBOX_TOPIC'],
    fallback: DEFAULT_OUTBOX.topic,
    doc: 'Topic of an event.',
  }),
  'kafka.outbox.columns': setting({
    kind: columns,
    env: ['CDC_KAFKA_OUTBOX_COLUMNS'],
    fallback: null,
    fallbackText: 'the names of the fields',
    doc: 'Columns that are called otherwise than `id`, `aggregatetype`, `aggregateid` or `payload`.',
  }),
  'kafka.outbox.additional': setting({
    kind: additional,
    env: ['CDC_KAFKA_OUTBOX_ADDITIONAL'],
    fallback: null,
    fallbackText: '`type:header:eventType`, where there is such a column',
    doc: 'Further columns, each as a header or beside the payload in an envelope: `type:header:eventType,tenant:envelope`.',
  }),
  'kafka.outbox.tombstones': setting({
    kind: flag,
    env: ['CDC_KAFKA_OUTBOX_TOMBSTONES'],
    fallback: 'false',
    doc: 'Whether an event with an empty payload is one without a value, so that compacted topics forget the key.',
  }),
  'kafka.outbox.expandJson': setting({
    kind: flag,
    env: ['CDC_KAFKA_OUTBOX_EXPAND_JSON'],
    fallback: 'false',
    doc: 'Whether JSON in an envelope is nested there instead of text. Without an envelope the payload goes as it is.',
  }),
  'kafka.outbox.invalid': setting({
    kind: choice(OUTBOX_INVALID),
    env: ['CDC_KAFKA_OUTBOX_INVALID'],
    fallback: 'warn',
    doc: '`warn` passes over updates of an outbox with a warning; `stop` stops there; `skip` also passes over entries that cannot be routed, such as a message that is not JSON.',
  }),
};
