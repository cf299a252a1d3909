import type { Checkpoint, MemberCheckpoint } from '../model/checkpoint.ts';
import { Pg2anyError } from '../model/error.ts';
import { formatLsn, type Lsn, maxLsn } from '../model/lsn.ts';
import type { Timeline } from '../model/source.ts';

/**
 * Throws where a destination holds what is not in the history of this server: other changes may stand at the same LSNs,
 * and START_REPLICATION would skip them. An unknown timeline is taken for the server's. Pure.
 */
export function assertAncestor(server: Timeline, checkpoint: Checkpoint): void {
  for (const one of checkpoint.members ?? [{ ...checkpoint, name: 'destination' }]) assertHeld(server, one);
}

function assertHeld(server: Timeline, checkpoint: MemberCheckpoint): void {
  const { name, timeline } = checkpoint;
  if (timeline === null || timeline === server.id) return;
  const held = heldBy(checkpoint);
  const what = `the ${name} holds everything up to ${formatLsn(held)} of timeline ${timeline}`;
  const left = server.left.get(timeline);
  if (left === undefined) {
    const message = `${what}, and the source is on timeline ${server.id}, which does not descend from it as far as the source knows`;
    throw new Pg2anyError('SOURCE_CHANGED', message, { hint: ELSEWHERE });
  }
  if (held <= left) return;
  const message = `${what}, but the source left that timeline at ${formatLsn(left)} and is on timeline ${server.id}`;
  throw new Pg2anyError('SOURCE_BEHIND', message, { hint: LACKING });
}

/** A table may be ahead of the checkpoint by its copy: changes up to there are skipped as well. */
const heldBy = ({ flushed, tables }: Checkpoint): Lsn =>
  tables.reduce((lsn, { state, snapshot }) => (state === 'copied' ? maxLsn(lsn, snapshot) : lsn), flushed);

const LACKING =
  'The source was promoted or restored without the last commits that went to the destination, and has others in their place. Run `pg2any teardown`, then replicate with a new snapshot.';
const ELSEWHERE =
  'Point pg2any at the server that was replicated from, or at one that was promoted after it. Otherwise run `pg2any teardown`, then replicate with a new snapshot.';
