import type { Applied, Distribution } from '../../status/distribution.ts';
import type { Status } from '../../status/status.ts';
import type { View } from '../view.ts';

export type Labels = Readonly<Record<string, string>>;

/** One line of the exposition: labels and a number. */
export type Sample = readonly [labels: Labels, value: number];

/** What a scrape is answered from: one look at everything. */
export interface Picture {
  readonly view: View;
  readonly status: Status;
  readonly ready: boolean;
  readonly now: number;
}

/** A metric as docs/metrics.md and the registry know it. Names hold the unit; counters end in `_total`. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly of:
    | { readonly type: 'gauge' | 'counter'; readonly read: (picture: Picture) => readonly Sample[] }
    | { readonly type: 'histogram'; readonly read: (applied: Applied) => Distribution };
}

/** A metric without labels; null where it is not known now, so that there is no line. */
export const plain = (
  type: 'gauge' | 'counter',
  name: string,
  help: string,
  read: (picture: Picture) => number | null,
): Metric => ({
  name,
  help,
  of: {
    type,
    read: (picture) => {
      const value = read(picture);
      return value === null ? [] : [[{}, value]];
    },
  },
});

export const labelled = (
  type: 'gauge' | 'counter',
  name: string,
  labels: readonly string[],
  help: string,
  read: (picture: Picture) => readonly Sample[],
): Metric => ({ name, help, labels, of: { type, read } });

export const histogram = (name: string, help: string, read: (applied: Applied) => Distribution): Metric => ({
  name,
  help,
  of: { type: 'histogram', read },
});

/** One sample for each entry of a record, under this label. */
export const samples = (label: string, by: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(by).map(([name, value]) => [{ [label]: name }, value]);

/** The state that holds is 1, the others 0. */
export const oneOf = (label: string, all: readonly string[], now: string | null): readonly Sample[] =>
  all.map((name) => [{ [label]: name }, name === now ? 1 : 0]);
