import type { Look } from './look.ts';
import type { Difference } from './result.ts';
import { collect, type Order, type Suspect, type Suspects } from './suspects.ts';

/** The reading before these was made destination first. */
const FURTHER: readonly Order[] = ['source first', 'destination first', 'source first'];
const FIRST_ROUND = 3;

/**
 * Rows that cannot be looked up one by one: those of tables without a key, and those only the destination has. What
 * changes during a reading makes the side that is read last look ahead, so readings in both orders differ in
 * opposite directions; only what all of them show, in the same direction, is a difference. (Several of them, because
 * a row may change and change back.)
 */
export async function persistent(look: Look, before: Suspects) {
  const surpluses = new Map([...before].map(([id, suspect]) => [id, surplusOf(suspect)]));
  let last = before;
  for (const [i, order] of FURTHER.entries()) {
    if (surpluses.size === 0) break;
    last = (await collect(look, FIRST_ROUND + i, surpluses.keys(), order)).suspects;
    for (const [id, surplus] of surpluses) {
      const left = common(surplus, surplusOf(last.get(id)));
      if (left === 0) surpluses.delete(id);
      else surpluses.set(id, left);
    }
  }
  return { ...report(look, surpluses, last), unsettled: 0, complete: true };
}

function report(look: Look, surpluses: ReadonlyMap<number, number>, last: Suspects) {
  const examples: Difference[] = [];
  let count = 0;
  for (const [id, surplus] of surpluses) {
    count += Math.abs(surplus);
    const key = last.get(id)?.example;
    if (key && examples.length < look.options.examples)
      examples.push({ kind: surplus > 0 ? 'missing' : 'extra', key, columns: [] });
  }
  return { count, examples };
}

const surplusOf = (suspect: Suspect | undefined): number => (suspect ? suspect.source - suspect.destination : 0);

const common = (a: number, b: number): number =>
  a > 0 === b > 0 ? Math.sign(a) * Math.min(Math.abs(a), Math.abs(b)) : 0;
