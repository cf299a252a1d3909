import type { TablePlan } from '../../model/destination.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import { isOutbox, placeOf } from './events/outbox.ts';
import { mappingOf, roadOf } from './mapping.ts';
import type { EventOptions } from './options.ts';

/** What would be done for a table. `has`: whether there is such a topic. */
export async function planOf(
  relation: Relation,
  options: EventOptions,
  has: (topic: string) => Promise<boolean>,
): Promise<TablePlan> {
  const destination = placeOf(relation, options);
  const columns = mappingOf(relation, options).map((one, at) => ({
    ...one,
    key: relation.identity === 'key' && relation.key.includes(at),
  }));
  const action = isOutbox(relation, options) || (await has(destination)) ? 'keep' : 'create';
  const road = roadOf(relation, options);
  return { table: relationName(relation), kind: 'topic', destination, action, sql: [], columns, road, problems: [] };
}
