import type { Row } from '../model/value.ts';
import { digestOf } from './fingerprint.ts';
import { type Look, report } from './look.ts';
import { columnDifferences, type Difference, keyOf } from './result.ts';

export interface Confirmed {
  readonly count: number;
  readonly examples: readonly Difference[];
  /** Rows that changed at the source during every try. */
  readonly unsettled: number;
  /** The limit was reached before all keys were looked at. */
  readonly complete: boolean;
}

interface Doubt {
  readonly key: Row;
  /** Looks in a row that found the very same difference. */
  agreed: number;
  seen: string;
  verdict: Difference | null;
}

/** Keys whose rows are read together, so that they share one wait for the destination. */
const GROUP = 100;
const TRIES = 10;
/** One look could meet a row that changed and changed back. */
const AGREEING = 2;

/**
 * Looks at single rows: read the source row, take the position, wait until the destination has passed it, read the
 * destination row, then the source row again. Only where the source row stayed the same does a difference mean
 * anything, and only one that is found twice counts.
 */
export async function confirm(look: Look, keys: readonly Row[], limit: number): Promise<Confirmed> {
  const examples: Difference[] = [];
  let [count, unsettled, done] = [0, 0, 0];
  while (done < keys.length && count < limit) {
    report(look, 'confirming', 2, done);
    const doubts = await settleGroup(look, keys.slice(done, done + GROUP));
    for (const { verdict } of doubts.confirmed) {
      count++;
      if (verdict && examples.length < look.options.examples) examples.push(verdict);
    }
    unsettled += doubts.unsettled;
    done += GROUP;
  }
  return { count, examples, unsettled, complete: done >= keys.length };
}

async function settleGroup(look: Look, keys: readonly Row[]) {
  let open: Doubt[] = keys.map((key) => ({ key, agreed: 0, seen: '', verdict: null }));
  const confirmed: Doubt[] = [];
  for (let attempt = 0; attempt < TRIES && open.length > 0; attempt++) {
    const verdicts = await lookOnce(look, open);
    open = open.filter((doubt, i) => {
      const verdict = verdicts[i];
      if (verdict === undefined) return restart(doubt);
      if (verdict === null) return false;
      if (!agree(doubt, verdict)) return true;
      confirmed.push(doubt);
      return false;
    });
  }
  return { confirmed, unsettled: open.length };
}

function restart(doubt: Doubt): true {
  doubt.agreed = 0;
  doubt.seen = '';
  return true;
}

function agree(doubt: Doubt, found: Found): boolean {
  doubt.agreed = found.seen === doubt.seen ? doubt.agreed + 1 : 1;
  doubt.seen = found.seen;
  doubt.verdict = found.difference;
  return doubt.agreed >= AGREEING;
}

interface Found {
  readonly seen: string;
  readonly difference: Difference;
}

/**
 * Per key: the difference, null for none, undefined where the source row changed meanwhile. Holds digests of all rows
 * and the values of one.
 */
async function lookOnce(look: Look, doubts: readonly Doubt[]): Promise<(Found | null | undefined)[]> {
  const { source, relation, reader, barrier, options } = look;
  const find = async (key: Row) => await source.find(relation, key);
  const before = await inOrder(doubts, async (doubt) => digest(await find(doubt.key)));
  await barrier.reach(await source.position());
  options.signal.throwIfAborted();
  return await inOrder(doubts, async (doubt, i) => {
    const there = await reader.find(doubt.key);
    const here = await find(doubt.key);
    if (digest(here) !== before[i]) return undefined;
    const difference = compare(look, here && reader.expect(here), there);
    return difference && { difference, seen: `${before[i]}/${digest(there)}` };
  });
}

async function inOrder<T, R>(items: readonly T[], each: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [index, item] of items.entries()) results.push(await each(item, index));
  return results;
}

const digest = (row: Row | null): string => (row ? digestOf(row) : '');

function compare({ relation }: Look, source: Row | null, destination: Row | null): Difference | null {
  const row = source ?? destination;
  if (!row) return null;
  const key = keyOf(relation, row);
  if (!destination) return { kind: 'missing', key, columns: [] };
  if (!source) return { kind: 'extra', key, columns: [] };
  const columns = columnDifferences(relation, source, destination);
  return columns.length > 0 ? { kind: 'different', key, columns } : null;
}
