import type { Phase, Status } from '../status/status.ts';

/** What a probe found: `ok` with no reasons, or why not. */
export interface Finding {
  readonly ok: boolean;
  readonly phase: Phase | 'starting';
  readonly reasons: readonly string[];
}

/** Longer than any statement may take by default, and its retry. */
const STUCK_MS = 15 * 60_000;
/** The source is asked every 2 s. */
const SILENT_MS = 15_000;

const finding = (phase: Finding['phase'], reasons: readonly string[]): Finding => ({
  ok: reasons.length === 0,
  phase,
  reasons,
});

/** Waiting for the next attempt, or in one that has come to nothing yet. */
const BETWEEN: readonly Phase[] = ['retrying', 'connecting', 'preflight'];

const whole = (ms: number): string => `${Math.round(ms / 1000)} s`;

/** An instance that waits for the slot of another one, ready to take over. */
export const isStandby = ({ phase, lastError }: Status): boolean =>
  BETWEEN.includes(phase) && lastError?.code === 'SLOT_IN_USE';

/**
 * Tells whether the loop still moves: asked again and again, it notices that changes wait and nothing happens to them.
 * What waits for a server, for a person or for a first copy counts as alive: a restart would not help it.
 */
export class Liveness {
  private last = '';
  private since = 0;

  look(status: Status | null, now: number): Finding {
    if (!status) return finding('starting', []);
    const { phase, lag, lsn, totals, retries } = status;
    if (phase === 'stopped') return finding(phase, ['the pipeline has ended and the process has not']);
    const waiting = phase === 'streaming' && !lag.idle;
    const place = waiting ? `${lsn.received} ${lsn.flushed} ${totals.batches} ${retries}` : '';
    if (place !== this.last || !waiting) {
      this.last = place;
      this.since = now;
    }
    const still = now - this.since;
    return finding(phase, still > STUCK_MS ? [`changes wait, and nothing has moved for ${whole(still)}`] : []);
  }
}

function retrying(status: Status): string {
  const { lastError, retries } = status;
  return lastError ? `${lastError.code}: ${lastError.message} (retry ${retries})` : 'waiting before the next attempt';
}

function phaseReason(status: Status): string | null {
  if (isStandby(status)) return 'standby: another process has the slot';
  const { tables, phase } = status;
  const done = tables.filter((table) => table.state === 'streaming').length;
  const text: Record<Phase, string | null> = {
    streaming: null,
    connecting: 'connecting to source and destination',
    preflight: 'looking at slot and checkpoint',
    snapshot: `the initial copy is under way: ${done} of ${tables.length} tables done`,
    paused: 'held by a person since a pause in pg2any live',
    retrying: retrying(status),
    draining: 'finishing the batch in hand before it ends',
    stopped: 'ended',
  };
  return text[phase];
}

function lagReason({ lag }: Status, readyLagMs: number): string | null {
  if (lag.seconds === null) return 'the lag is not known yet';
  if (lag.seconds * 1000 <= readyLagMs) return null;
  return `the lag of ${whole(lag.seconds * 1000)} is above the limit of ${whole(readyLagMs)}`;
}

function sourceReasons({ seenAt, slotStatus }: Status, now: number): (string | null)[] {
  return [
    seenAt !== null && now - seenAt > SILENT_MS ? `the source has not answered for ${whole(now - seenAt)}` : null,
    slotStatus?.walStatus === 'lost' ? 'the slot is lost: a new copy is needed' : null,
  ];
}

const destinationReasons = ({ destinations }: Status): string[] =>
  destinations.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]));

/** Whether the copy at every destination is connected, moving, and not older than the limit. */
export function readiness(status: Status | null, readyLagMs: number, now: number): Finding {
  if (!status) return finding('starting', ['the checks before the start are under way']);
  const phase = phaseReason(status);
  const reasons =
    phase === null
      ? [lagReason(status, readyLagMs), ...sourceReasons(status, now), ...destinationReasons(status)]
      : [phase];
  return finding(
    status.phase,
    reasons.filter((reason) => reason !== null),
  );
}
