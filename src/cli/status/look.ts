import type { Config, DestinationConfig } from '../../config/config.ts';
import type { Destination } from '../../model/destination.ts';
import { asPg2anyError, type Pg2anyError } from '../../model/error.ts';
import { leftBehind } from '../../pipeline/left-behind.ts';
import { openOne } from '../../replicate.ts';
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

interface Connected {
  readonly destination: Destination;
  readonly product: string;
}

async function connectDestination(config: DestinationConfig): Promise<Connected> {
  const destination = await openOne(config);
  try {
    const { product, version } = await destination.connect();
    return { destination, product: `${product} ${version}` };
  } catch (error) {
    await destination.close();
    throw error;
  }
}

/** One destination, as often as it is asked. */
function place(config: DestinationConfig, slot: string) {
  const kept = new Kept(
    () => connectDestination(config),
    (there) => there.destination.close(),
  );
  return {
    reach: () => part(kept.use(async () => null)),
    look: (systemId: string | null) =>
      part(
        kept.use(async ({ product, destination }) => ({
          product,
          checkpoint: await destination.peek({ slot, systemId }),
        })),
      ),
    close: () => kept.close(),
  };
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
  const { mirror } = config.destination;
  const places = [config.destination, ...(mirror ? [mirror] : [])].map((one) => place(one, slot));
  const running = new Kept(
    () => Watched.find(config, environment),
    (watched) => watched.close(),
  );
  const lookAtProcess = async (): Promise<ProcessOverview> =>
    (await own?.()) ?? (await running.use(async (one) => ({ pid: one.pid, status: await one.latest() })));
  return {
    /** The slot before the checkpoint, which is never behind what the slot was told. */
    async look(): Promise<Overview> {
      const others = Promise.all([part(lookAtProcess()), Promise.all(places.map((one) => one.reach()))]);
      const here = await part(source.use((client) => readOverview(client, slot)));
      const [process, reached] = await others;
      const systemId = here.found?.systemId ?? null;
      const there = await Promise.all(
        places.map(async (one, at) => {
          const { error } = reached[at] as Part<null>;
          return error ? { found: null, error } : await one.look(systemId);
        }),
      );
      const [destination, mirrored] = there as [Part<DestinationOverview>, Part<DestinationOverview>?];
      const problems = there.map(({ found }) => here.found && found && problemOf(config, here.found, found));
      const standing = there.flatMap(({ found }, at) =>
        found?.checkpoint ? [{ name: at === 0 ? 'destination' : 'mirror', flushed: found.checkpoint.flushed }] : [],
      );
      const first = problems.find((one) => one !== null) ?? null;
      const problem = first && asPg2anyError(leftBehind(first, standing, here.found?.slot?.confirmed ?? null));
      return { at: Date.now(), source: here, destination, mirror: mirrored ?? null, process, problem };
    },
    async close(): Promise<void> {
      await Promise.all([source, running, ...places].map((one) => one.close()));
    },
  };
}
