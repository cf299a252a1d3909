import type { Config } from '../config/config.ts';
import type { TablePlan } from '../model/destination.ts';
import { openDestination } from '../replicate.ts';
import { readPlan, tablesToPlan } from './inspect.ts';

export interface Plans {
  /** Product and version, for people. */
  readonly destination: string;
  readonly tables: readonly TablePlan[];
}

/** What replication would do for each chosen table. Changes nothing. Rejects where a server cannot be reached. */
export async function planTables(config: Config): Promise<Plans> {
  const planned = await readPlan(config);
  const destination = await openDestination(config);
  try {
    const { product, version } = await destination.connect();
    const checkpoint = await destination.peek({ slot: config.slot, systemId: planned.systemId });
    const tables = await destination.plan(tablesToPlan(config, planned, checkpoint), checkpoint);
    return { destination: `${product} ${version}`, tables };
  } finally {
    await destination.close();
  }
}
