import type { Lsn } from '../model/lsn.ts';
import type { Clock } from './ports.ts';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;
/** Where nothing is judged yet: what has not arrived by then is looked at again. */
const BRIEF_MS = 300;

/**
 * Waits for the destination to pass a source position. As long as its position moves the wait goes on. Where it stands
 * still for the whole grace nobody replicates; it is not waited for again until it moves.
 */
export class Barrier {
  private readonly flushed: () => Promise<Lsn | null>;
  private readonly clock: Clock;
  private readonly graceMs: number;
  private readonly signal: AbortSignal;
  private stood: { readonly at: Lsn | null; readonly ms: number } | null = null;

  constructor(flushed: () => Promise<Lsn | null>, clock: Clock, graceMs: number, signal: AbortSignal) {
    this.flushed = flushed;
    this.clock = clock;
    this.graceMs = graceMs;
    this.signal = signal;
  }

  /** A whole wait was in vain: what was judged after it may be lag. */
  get stands(): boolean {
    return this.stood !== null && this.stood.ms >= this.graceMs;
  }

  /** True once everything before `position` is at the destination; false where that stands still. */
  async reach(position: Lsn, brief = false): Promise<boolean> {
    const grace = brief ? Math.min(BRIEF_MS, this.graceMs) : this.graceMs;
    let seen = await this.flushed();
    if (passed(seen, position)) return this.moved();
    if (this.stood?.at === seen && this.stood.ms >= grace) return false;
    let movedAt = this.clock.now();
    for (
      let pause = FIRST_PAUSE_MS;
      this.clock.now() - movedAt < grace;
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    ) {
      await this.clock.sleep(pause, this.signal);
      this.signal.throwIfAborted();
      const now = await this.flushed();
      if (passed(now, position)) return this.moved();
      if (now !== seen) movedAt = this.clock.now();
      seen = now;
    }
    this.stood = { at: seen, ms: grace };
    return false;
  }

  private moved(): true {
    this.stood = null;
    return true;
  }
}

const passed = (flushed: Lsn | null, position: Lsn): boolean => flushed !== null && flushed >= position;
