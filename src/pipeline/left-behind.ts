import { Pg2anyError } from '../model/error.ts';
import { formatLsn, type Lsn } from '../model/lsn.ts';

/** How far each of several destinations is. */
type Place = { readonly name: string; readonly flushed: Lsn };

/**
 * The slot is ahead of one of several destinations, but not of another: it was switched off while the pipeline went on.
 * Only that one has to begin anew. Any other error as it is.
 */
export function leftBehind(error: unknown, places: readonly Place[], confirmed: Lsn | null): unknown {
  if (!(error instanceof Pg2anyError) || error.code !== 'SLOT_AHEAD' || confirmed === null) return error;
  const behind = places.filter(({ flushed }) => flushed < confirmed);
  const [one] = behind;
  if (!one || behind.length === places.length || one.name !== 'mirror') return error;
  const message = `the ${one.name} stands at ${formatLsn(one.flushed)}, but the slot was confirmed up to ${formatLsn(confirmed)}: it was switched off while the pipeline went on, and the changes between are gone`;
  return new Pg2anyError('SLOT_AHEAD', message, {
    hint: 'Give the mirror a kafka.checkpointTopic that it never had: it then copies the tables and goes on as one that is new, and the database keeps its own.',
    cause: error,
  });
}
