import type { Bytes } from '../encoding/writing.ts';

/** One Kafka record to be. */
export interface Message {
  readonly topic: string;
  /** Null where the row cannot be identified. */
  readonly key: Buffer | null;
  /** Null for tombstones. Text is written into its request as it is, without a buffer of its own. */
  readonly value: Bytes | null;
  readonly headers: Readonly<Record<string, string>>;
  /** What chooses the partition: equal bytes, equal partition, and so the same order as in the stream. */
  readonly route: Buffer;
}

/** Bytes that the record takes, about: what limits of Kafka are measured against. */
export function sizeOf({ key, value, headers }: Message): number {
  let bytes = 70 + (key?.length ?? 0) + (value === null ? 0 : Buffer.byteLength(value));
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0) + 4;
  return bytes;
}
