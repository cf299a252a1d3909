import type { Bytes } from '../encoding/writing.ts';
import type { Event } from './table-events.ts';

/** Of the record itself and the headers that every event has. */
const OVERHEAD = 256;

const length = (bytes: Bytes | null | undefined): number => bytes?.length ?? 0;
const byteLength = (bytes: Bytes | null): number =>
  typeof bytes === 'string' ? Buffer.byteLength(bytes) : length(bytes);

/** Bytes that the record takes, about, but never fewer. */
export function eventBytes({ key, value, headers }: Event): number {
  let bytes = OVERHEAD + byteLength(key) + byteLength(value);
  if (headers) for (const name in headers) bytes += byteLength(name) + byteLength(headers[name] ?? null) + 8;
  return bytes;
}

/** As `eventBytes` against a limit, which nearly always takes no more than a look: a character has at most 3 bytes. */
export function fits(event: Event, limit: number): boolean {
  const most = OVERHEAD + 3 * (length(event.key) + length(event.value));
  return (most <= limit && !event.headers) || eventBytes(event) <= limit;
}
