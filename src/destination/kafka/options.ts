/** How events are written: Debezium's envelope without or with its schema, or the row alone. */
export const FORMATS = ['debezium', 'debezium-schema', 'flat'] as const;
export type Format = (typeof FORMATS)[number];

/** How decimals are written: as Kafka Connect's Decimal (bytes), as text, or as JSON numbers with all their digits. */
export const DECIMALS = ['precise', 'string', 'number'] as const;
export type Decimals = (typeof DECIMALS)[number];

/** What decides how an event looks. */
export interface EventOptions {
  readonly format: Format;
  readonly decimals: Decimals;
  /** 64-bit integers as JSON numbers, which some readers round, or as text. */
  readonly int64: 'number' | 'string';
  /** A delete is followed by a record without a value, so that a compacted topic forgets the key. */
  readonly tombstones: boolean;
  /** First part of topic names, and `source.name` in the envelope. */
  readonly prefix: string;
  /** `source.db` in the envelope: the source database. */
  readonly database: string;
  /** With `{prefix}`, `{schema}` and `{table}`. */
  readonly topic: string;
  /** By `schema.table`: the column whose value chooses the partition, in place of the key. */
  readonly partitionBy: ReadonlyMap<string, string>;
}
