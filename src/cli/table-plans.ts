import type { Config } from '../config/config.ts';
import type { TablePlan } from '../model/destination.ts';
import { openDestination } from '../replicate.ts';
import { readPlan } from './inspect.ts';

export interface Plans {
  /** Product and version, for people. */
  readonly destination: string;
  readonly tables: readonly TablePlan[];
}

/** What replication would do for each chosen table. Changes nothing. Rejects where a server cannot be reached. */
export async function planTables(config: Config): Promise<Plans> {
  const { relations, systemId, defaults } = await readPlan(config);
  const destination = await openDestination(config);
  try {
    const toPlan = relations.map((relation) => ({ relation, defaults: defaults.get(relation.oid) ?? new Map() }));
    const { product, version } = await destination.connect();
    const tables = await destination.plan(toPlan, { slot: config.slot, systemId });
    return { destination: `${product} ${version}`, tables };
  } finally {
    await destination.close();
  }
}
