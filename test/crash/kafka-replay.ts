import { expect } from 'vitest';
import type { Read } from '../support/kafka-reader.ts';

interface Event {
  readonly op: string;
  readonly after: { readonly id: number; readonly v: number } | null;
}

const textOf = ({ id, v }: { id: number; v: number }): string => JSON.stringify([String(id), String(v)]);

/** What the rows of the events add up to, and nothing twice: each change carries a number of its own. */
export function replayed(events: readonly Read[]): string[] {
  const rows = new Map<string, string>();
  const seen = new Set<string>();
  for (const { key, value, headers } of events) {
    if (key === null || value === null) continue;
    const place = `${headers['pg2any.lsn']} ${headers['pg2any.ordinal'] ?? key}`;
    expect([place, seen.has(place)]).toEqual([place, false]);
    seen.add(place);
    const { op, after } = JSON.parse(value) as Event;
    if (!after) expect(rows.delete(key)).toBe(true);
    else {
      expect([key, op, rows.has(key)]).toEqual([key, op, op === 'u']);
      rows.set(key, textOf(after));
    }
  }
  return [...rows.values()].sort();
}

/** Snapshot or commit as a number that can be compared. */
function position({ headers }: Read): bigint {
  const [high, low] = (headers['pg2any.lsn'] ?? '0/0').split('/');
  return BigInt(`0x${high}`) * 2n ** 32n + BigInt(`0x${low}`);
}

/**
 * Events of a table whose copy was killed and began anew. `rows`: what consumers hold that take every event as it comes;
 * `sinceLast`: those that begin with the last copy. No copy has a row twice, and no change comes twice.
 */
export function recopied(events: readonly Read[]): { copies: number; rows: string[]; sinceLast: string[] } {
  const reads = events.filter(({ headers }) => headers['pg2any.op'] === 'r');
  const copies = [...new Set(reads.map(position))];
  const last = copies.reduce((most, one) => (one > most ? one : most), 0n);
  const places = events.flatMap((event) => {
    if (event.value === null) return [];
    return `${position(event)} ${event.headers['pg2any.ordinal'] ?? event.key}`;
  });
  expect(new Set(places).size).toBe(places.length);
  const rows = new Map<string, string>();
  for (const { key, value } of events) {
    if (key === null || value === null) continue;
    const { after } = JSON.parse(value) as Event;
    if (after) rows.set(key, textOf(after));
    else rows.delete(key);
  }
  const sinceLast = replayed(events.filter((event) => position(event) >= last));
  return { copies: copies.length, rows: [...rows.values()].sort(), sinceLast };
}
