import type { Config, DestinationConfig } from './config/config.ts';
import { drivers } from './destination/registry.ts';
import type { Checkpoint } from './model/checkpoint.ts';
import type { Destination } from './model/destination.ts';
import { Pg2anyError } from './model/error.ts';
import type { Lsn } from './model/lsn.ts';
import type { SourceTable } from './model/source.ts';
import { FanOut } from './pipeline/fan-out.ts';
import { choose } from './pipeline/tables.ts';
import { type Observer, type Replication, run } from './replication.ts';
import type { Status } from './status/status.ts';
import { onlyTables } from './transform/filter.ts';
import { mapSchemas } from './transform/route.ts';
import { chain, type Transform } from './transform/transform.ts';

export interface ReplicateOptions extends Observer {
  /** Stop once the destination holds everything the source had at this position; `now`: when the run began. */
  readonly until?: 'now' | Lsn;
}

/** The configured destination, not connected yet. */
export async function openDestination(config: Pick<Config, 'destination'>): Promise<Destination> {
  const { mirror } = config.destination;
  const main = await openOne(config.destination);
  return mirror ? new FanOut(main, await openOne(mirror)) : main;
}

/** One of them alone. */
export async function openOne(destination: DestinationConfig): Promise<Destination> {
  const driver = drivers.find((one) => one.type === destination.type);
  if (!driver) throw new Pg2anyError('CONFIG_INVALID', `there is no destination type ${destination.type}`);
  return await driver.open(destination);
}

/** Which tables are replicated, and where to. */
export const tableTransform = (config: Pick<Config, 'tables' | 'schemaMapping'>): Transform =>
  chain(onlyTables(config.tables), mapSchemas(config.schemaMapping));

/** As `replicate` chooses them: also those that were chosen under an earlier name. */
export function chosenTables(
  config: Pick<Config, 'tables' | 'schemaMapping'>,
  tables: readonly SourceTable[],
  checkpoint: Checkpoint | null,
): readonly SourceTable[] {
  const choice = { transform: tableTransform(config), route: mapSchemas(config.schemaMapping) };
  return tables.flatMap((table) => {
    const known = checkpoint?.tables.find(({ oid }) => oid === table.relation.oid);
    const relation = choose(choice, table.relation, known);
    return relation ? [{ ...table, relation }] : [];
  });
}

const ASK_MS = 250;

function replication(config: Config, until: ReplicateOptions['until']): Replication {
  return {
    source: config.source,
    // Whoever waits for a position asks the server often how far it is: it does not tell by itself when nothing happens.
    stream: until === undefined ? config : { ...config, heartbeatMs: Math.min(config.heartbeatMs, ASK_MS) },
    openDestination: () => openDestination(config),
    startupMs: config.startupMs,
    pipeline: {
      slot: config.slot,
      publication: config.publication,
      snapshot: config.snapshot,
      until: until ?? null,
      transform: tableTransform(config),
      route: mapSchemas(config.schemaMapping),
      recreatedTables: config.schema.recreatedTables,
      limits: config.batch,
    },
  };
}

/**
 * Replicates until the signal aborts, `until` is reached, or an error that does not pass by itself. Resolves with the
 * last status after the batch in hand is committed and the slot is free; rejects with a Pg2anyError.
 */
export async function replicate(config: Config, options: ReplicateOptions = {}): Promise<Status> {
  return await run(replication(config, options.until), options);
}
