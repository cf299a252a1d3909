import type { Config } from '../../config/config.ts';
import type { Destination } from '../../model/destination.ts';
import { asPg2anyError, type Pg2anyError } from '../../model/error.ts';
import { openDestination } from '../../replicate.ts';
import { connectSource } from '../../source/connection.ts';
import { readOverview, type SourceOverview } from '../../source/overview.ts';
import { checkStart, usableSlot } from '../../source/slot.ts';
import { Kept } from './kept.ts';
import type { DestinationOverview, Overview, Part, ProcessOverview } from './overview.ts';
import { Watched } from './watched.ts';

const part = async <T>(work: Promise<T>): Promise<Part<T>> =>
  await work.then(
    (found) => ({ found, error: null }),
    (error: unknown) => ({ found: null, error: asPg2anyError(error) }),
  );

/** Why the slot cannot serve the checkpoint; null where it can, or where there is none yet. */
function problemOf(config: Config, source: SourceOverview, { checkpoint }: DestinationOverview): Pg2anyError | null {
  const { slot, walEnd } = source;
  try {
    const usable = slot && usableSlot(slot, config.slot, config.source.database);
    // That it is in use is no problem here.
    if (checkpoint) checkStart(config.slot, usable && { ...usable, active: false }, checkpoint.flushed, walEnd);
    return null;
  } catch (error) {
    return asPg2anyError(error);
  }
}

async function connectDestination(config: Config): Promise<{ destination: Destination; product: string }> {
  const destination = await openDestination(config);
  try {
    const { product, version } = await destination.connect();
    return { destination, product: `${product} ${version}` };
  } catch (error) {
    await destination.close();
    throw error;
  }
}

/**
 * Looks at a pipeline as often as it is asked, over the same connections. Changes nothing. A process that works on it
 * itself gives its own status.
 */
export function observatory(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
  own?: () => Promise<ProcessOverview | null>,
) {
  const { slot } = config;
  const source = new Kept(
    () => connectSource(config.source),
    (client) => client.end(),
  );
  const destination = new Kept(
    () => connectDestination(config),
    (there) => there.destination.close(),
  );
  const running = new Kept(
    () => Watched.find(config, environment),
    (watched) => watched.close(),
  );
  const lookAtProcess = async (): Promise<ProcessOverview> =>
    (await own?.()) ?? (await running.use(async (one) => ({ pid: one.pid, status: await one.latest() })));
  const lookAtCheckpoint = (systemId: string | null) =>
    destination.use(async (there) => ({
      product: there.product,
      checkpoint: await there.destination.peek({ slot, systemId }),
    }));

  return {
    /** The slot before the checkpoint, which is never behind what the slot was told. */
    async look(): Promise<Overview> {
      const others = Promise.all([part(lookAtProcess()), part(destination.use(async () => null))]);
      const here = await part(source.use((client) => readOverview(client, slot)));
      const [process, reached] = await others;
      const systemId = here.found?.systemId ?? null;
      const there = reached.error ? reached : await part(lookAtCheckpoint(systemId));
      const problem = here.found && there.found ? problemOf(config, here.found, there.found) : null;
      return { at: Date.now(), source: here, destination: there, process, problem };
    },
    async close(): Promise<void> {
      await Promise.all([source.close(), destination.close(), running.close()]);
    },
  };
}
