import type { Lsn } from '../../src/model/lsn.ts';
import { runPipeline } from '../../src/pipeline/pipeline.ts';
import { Counters } from '../../src/status/counters.ts';
import { onlyTables } from '../../src/transform/filter.ts';
import type { FakeSource } from './fake-source.ts';
import type { MemoryServer } from './memory-destination.ts';

/** A pipeline without servers, until it has come this far. */
export async function runEvents(memory: MemoryServer, source: FakeSource, until: Lsn): Promise<Counters> {
  const counters = new Counters(0);
  const limits = { rows: 100, bytes: 1000 };
  await runPipeline(
    { slot: 's', publication: 's', snapshot: 'never', until, transform: onlyTables(null), limits },
    {
      openSource: async () => source,
      openDestination: async () => memory.open(),
      counters,
      emit: () => undefined,
      signal: new AbortController().signal,
      startupMs: 0,
    },
  );
  return counters;
}
