import { relationName } from '../../model/relation.ts';
import type { Target } from '../contract.ts';
import { literal } from './literal.ts';
import { emptySql } from './statements.ts';
import type { Wire } from './wire.ts';

/**
 * Tables that refer to others of these come first: a refused DELETE would take the transaction with it, so the order is
 * asked for. TRUNCATE is refused wherever a foreign key points to the table.
 */
export async function emptyInOrder(wire: Wire, targets: readonly Target[]): Promise<void> {
  for (const target of await inOrder(wire, targets)) {
    try {
      await wire.batchLong(emptySql(target));
    } catch (error) {
      throw wire.failure(error, relationName(target.relation));
    }
  }
}

async function inOrder(wire: Wire, targets: readonly Target[]): Promise<readonly Target[]> {
  if (targets.length < 2) return targets;
  const references = await wire.batch(referencesSql(targets));
  const waits = new Map(targets.map((_, i) => [i, new Set<number>()]));
  for (const [from, to] of references.rows) if (from !== to) waits.get(Number(to))?.add(Number(from));
  const ordered: Target[] = [];
  while (waits.size > 0) {
    // tables that refer to each other in a circle have no order
    const [next = 0] =
      [...waits].find(([, before]) => before.size === 0) ?? [...waits.keys()].map((i) => [i]).at(0) ?? [];
    waits.delete(next);
    for (const before of waits.values()) before.delete(next);
    const target = targets[next];
    if (target) ordered.push(target);
  }
  return ordered;
}

/** Pairs of tables, by their places in the list: the first refers to the second. */
function referencesSql(targets: readonly Target[]): string {
  const places = targets.map(({ place }, i) => `(${i}, OBJECT_ID(${literal(place.sql)}))`).join(', ');
  return `SELECT a.i, b.i FROM sys.foreign_keys AS f
INNER JOIN (VALUES ${places}) AS a (i, id) ON a.id = f.parent_object_id
INNER JOIN (VALUES ${places}) AS b (i, id) ON b.id = f.referenced_object_id;`;
}
