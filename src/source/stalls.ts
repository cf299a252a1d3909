/** A shorter one harms nobody: the server waits for many seconds. */
const LONG_MS = 5000;

export interface StallOptions {
  /** Between two ticks, ms. */
  readonly tickMs: number;
  /** `wal_sender_timeout` of our session, ms: so long the server waits for a sign of us. */
  readonly senderTimeoutMs: number;
}

/**
 * Notices that this process could do nothing for long, from a timer that fires much too late: JavaScript was busy, the
 * process was stopped, or it had no CPU. What follows is then not the network's fault. Pure: time is an argument, in ms of
 * a clock that never goes back.
 */
export class Stalls {
  /** Of all stalls. */
  totalMs = 0;
  private readonly options: StallOptions;
  private tickedAt: number;
  private last: { readonly ms: number; readonly at: number } | null = null;

  constructor(options: StallOptions, now: number) {
    this.options = options;
    this.tickedAt = now;
  }

  /** To be called by every tick: for how long nothing could be done before it, ms; 0 where it is in time. */
  tick(now: number): number {
    const { tickMs, senderTimeoutMs } = this.options;
    const late = now - this.tickedAt - tickMs;
    this.tickedAt = now;
    if (late < Math.min(LONG_MS, senderTimeoutMs / 3)) return 0;
    this.totalMs += late;
    this.last = { ms: late, at: now };
    return late;
  }

  /** How long the stall was that a connection lost now may be due to, ms; 0 where there was none of late. */
  recent(now: number): number {
    return this.last && now - this.last.at < this.options.senderTimeoutMs ? this.last.ms : 0;
  }
}
