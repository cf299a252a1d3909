import type { Row } from '../model/value.ts';
import { idOf, LANES } from './fingerprint.ts';
import { type Counted, type Look, readDestinationFirst, readSourceFirst } from './look.ts';
import { keyOf, type NamedValues } from './result.ts';

/** What a further reading found of rows that looked different before: all rows with one key, or with one content. */
export interface Suspect {
  source: number;
  destination: number;
  /** Sum of the contents' fingerprints, source minus destination: zero where both sides hold the same. */
  content: number;
  /** The source row's values of `relation.key`, as PostgreSQL gave them. */
  key: Row | null;
  /** What to call it, kept for the first few only. */
  example: NamedValues | null;
}

export type Suspects = ReadonlyMap<number, Suspect>;

export interface Collected extends Counted {
  /** Only what still looks different. */
  readonly suspects: Suspects;
}

export type Order = 'source first' | 'destination first';

/** Examples held while reading; some of them turn out to be equal. */
const SPARE_EXAMPLES = 100;

/** Reads both sides again and keeps what belongs to these ids; everything else passes by. */
export async function collect(look: Look, round: number, ids: Iterable<number>, order: Order): Promise<Collected> {
  const found = new Map<number, Suspect>();
  for (const id of ids) found.set(id, { source: 0, destination: 0, content: 0, key: null, example: null });
  const collector = new Collector(look, found);
  const read = order === 'source first' ? readSourceFirst : readDestinationFirst;
  const counted = await read(look, round, collector);
  for (const [id, suspect] of found) if (isEqual(suspect)) found.delete(id);
  return { ...counted, suspects: found };
}

export const isEqual = (suspect: Suspect): boolean => suspect.source === suspect.destination && suspect.content === 0;

class Collector {
  private readonly look: Look;
  private readonly found: ReadonlyMap<number, Suspect>;
  private readonly lanes = new Uint32Array(LANES);
  private examples: number;

  constructor(look: Look, found: ReadonlyMap<number, Suspect>) {
    this.look = look;
    this.found = found;
    this.examples = look.options.examples + SPARE_EXAMPLES;
  }

  source(row: Row, raw: Row): void {
    const suspect = this.suspectOf(row);
    if (!suspect) return;
    suspect.source++;
    suspect.content += contentOf(this.lanes);
    suspect.key ??= this.look.relation.key.map((index) => raw[index] ?? null);
    this.keepExample(suspect, row);
  }

  destination(row: Row): void {
    const suspect = this.suspectOf(row);
    if (!suspect) return;
    suspect.destination++;
    suspect.content -= contentOf(this.lanes);
    this.keepExample(suspect, row);
  }

  private suspectOf(row: Row): Suspect | undefined {
    this.look.fingerprint(row, this.lanes);
    return this.found.get(idOf(this.lanes));
  }

  private keepExample(suspect: Suspect, row: Row): void {
    if (suspect.example && isEqual(suspect)) {
      suspect.example = null;
      this.examples++;
    } else if (!suspect.example && this.examples > 0) {
      suspect.example = keyOf(this.look.relation, row);
      this.examples--;
    }
  }
}

/** Small enough for exact sums of a million duplicates. */
const contentOf = (lanes: Uint32Array): number => lanes[2] ?? 0;
