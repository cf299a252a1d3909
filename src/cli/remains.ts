import type { Config } from '../config/config.ts';
import type { StreamIdentity } from '../model/checkpoint.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import { openDestination } from '../replicate.ts';
import { connectSource } from '../source/connection.ts';
import { PostgresSource } from '../source/postgres.ts';
import { dropPublication, MADE_BY_US } from '../source/publication.ts';
import { queryOn } from '../source/query.ts';
import { readSlot, type SlotFacts } from '../source/slot.ts';

/** What a pipeline leaves on both sides. */
export interface Remains {
  readonly slot: SlotFacts | null;
  readonly publication: 'ours' | 'foreign' | 'none';
  readonly checkpoint: boolean;
  /** Why the destination could not be asked; the source can be cleared all the same. */
  readonly unreachable: Pg2anyError | null;
}

/** Both sides, connected. */
export async function openRemains(config: Config) {
  const source = await PostgresSource.open(config.source, config);
  const identity: StreamIdentity = { slot: config.slot, systemId: source.identity.systemId };
  const { version } = source.identity;
  await source.close();
  const client = await connectSource(config.source);
  const query = queryOn(client, 'tear down at the source');
  const opened = await openDestination(config).catch(asPg2anyError);
  const destination = opened instanceof Error ? null : opened;

  const publication = async (): Promise<Remains['publication']> => {
    const sql =
      "SELECT pg_catalog.obj_description(oid, 'pg_publication') AS comment FROM pg_catalog.pg_publication WHERE pubname = $1";
    const row = (await query(sql, [config.publication]))[0];
    return !row ? 'none' : row.comment === MADE_BY_US ? 'ours' : 'foreign';
  };

  const checkpoint = async (): Promise<Pick<Remains, 'checkpoint' | 'unreachable'>> => {
    if (destination === null) return { checkpoint: false, unreachable: asPg2anyError(opened) };
    try {
      await destination.connect();
      return { checkpoint: (await destination.peek(identity)) !== null, unreachable: null };
    } catch (error) {
      return { checkpoint: false, unreachable: asPg2anyError(error) };
    }
  };

  return {
    async look(): Promise<Remains> {
      const slot = await readSlot(query, config.slot, version);
      return { slot, publication: await publication(), ...(await checkpoint()) };
    },
    /** The slot first: it is what harms when it is forgotten. */
    async remove(found: Remains): Promise<void> {
      if (found.slot?.active) {
        throw new Pg2anyError('SLOT_IN_USE', `replication slot ${config.slot} is in use: a pg2any is running`, {
          hint: 'Stop it first, then run teardown again.',
        });
      }
      if (found.slot) await query('SELECT pg_catalog.pg_drop_replication_slot($1)', [config.slot]);
      if (found.publication === 'ours') await dropPublication(query, config.publication);
      if (found.checkpoint) await destination?.forget(identity);
    },
    async close(): Promise<void> {
      await client.end().catch(() => undefined);
      await destination?.close();
    },
  };
}
