/**
 * What becomes of updates of an outbox table, and of entries that cannot be routed: with `warn` updates are passed over and
 * the others stop; `stop` and `skip` hold for both.
 */
export const OUTBOX_INVALID = ['warn', 'stop', 'skip'] as const;

export const OUTBOX_FIELDS = ['id', 'aggregatetype', 'aggregateid', 'payload'] as const;
export type OutboxField = (typeof OUTBOX_FIELDS)[number];

/** A further column, and where its value goes under which name. */
export interface OutboxAddition {
  readonly column: string;
  readonly place: 'header' | 'envelope';
  readonly as: string;
}

/** Rows and logical messages that are events of the application, not changes of a table. */
export interface OutboxSettings {
  /** `schema.table`. */
  readonly tables: readonly string[];
  /** The prefix of `pg_logical_emit_message`; null where messages are no events. */
  readonly messages: string | null;
  /** With `{aggregatetype}` and `{prefix}`. */
  readonly topic: string;
  /** The column of a field, where it has another name than the field. */
  readonly columns: ReadonlyMap<string, string>;
  /** Null: `type` as the header `eventType`, where there is one. */
  readonly additional: readonly OutboxAddition[] | null;
  /** A null or empty payload is a tombstone. */
  readonly tombstones: boolean;
  /** JSON in an envelope is nested instead of text. */
  readonly expandJson: boolean;
  readonly invalid: (typeof OUTBOX_INVALID)[number];
}

export const DEFAULT_OUTBOX: OutboxSettings = {
  tables: [],
  messages: null,
  topic: 'outbox.event.{aggregatetype}',
  columns: new Map(),
  additional: null,
  tombstones: false,
  expandJson: false,
  invalid: 'warn',
};
