import type { Row } from '../../../model/value.ts';
import type { Position } from './source-block.ts';
import type { TransactionOrder } from './transaction-counts.ts';

/** Debezium's letters: create, update, delete, read (of the initial copy), truncate. */
export type Operation = 'c' | 'u' | 'd' | 'r' | 't';

/** Text is sent as UTF-8. */
export type Bytes = string | Buffer;

/** What Debezium's envelope holds. */
export interface Envelope<Part> {
  readonly op: Operation;
  readonly before: Part | null;
  readonly after: Part | null;
  readonly at: Position;
  /** The event's place in its transaction; null where the envelope does not tell. */
  readonly order: TransactionOrder | null;
  /** Ms since the epoch. */
  readonly now: number;
}

/** How keys and values of one table become bytes. A `Part` is a row on its way into an event. */
export interface Writing<Part> {
  /** `key` is for messages. Throws VALUE_UNREPRESENTABLE, VALUE_UNAVAILABLE. */
  row(row: Row, key: () => Row): Part;
  /** A row of which only the key is known. */
  keyOnly(key: Row): Part;
  key(key: Row): Bytes;
  /** The key as JSON without a schema, as Kafka Connect writes headers, whatever keys are. */
  keyText(key: Row): string;
  /** The row alone. */
  flat(row: Part): Bytes;
  envelope(envelope: Envelope<Part>): Bytes;
}
