import type { TypeOptions } from '../../model/mapping.ts';
import type { Family } from './family.ts';

type Notes = Partial<Record<Family, string | null>>;

const NOTES: Notes = {
  array: 'a JSON array',
  hstore: 'a JSON object',
  composite: 'PostgreSQL row text',
  geometry: 'hexadecimal EWKB',
  opaque: "PostgreSQL's own text",
};

/** What a column's type does not say by itself, for people; `own` is what differs at one engine. */
export function noteOf(kind: Family, types: Pick<TypeOptions, 'arrays' | 'composite'>, own: Notes = {}): string | null {
  if (kind === 'array' && types.arrays === 'pgtext') return "PostgreSQL's array text";
  if (kind === 'composite' && types.composite === 'json') return 'a JSON object';
  return (kind in own ? own[kind] : NOTES[kind]) ?? null;
}
