import { type Lsn, maxLsn, minLsn, ZERO_LSN } from '../model/lsn.ts';

export interface FeedbackOptions {
  /** Longest silence between two status updates, ms. */
  readonly heartbeatMs: number;
  /** Status updates after an acknowledgement are merged within this time, ms. */
  readonly mergeMs: number;
  /** Requested replies are answered at most once per this time: a stopping server asks in a hot loop, ms. */
  readonly replyMs: number;
  /** A server that keeps asking for what cannot be confirmed is shutting down: leave after this time, ms. */
  readonly shutdownMs: number;
}

export const FEEDBACK: Omit<FeedbackOptions, 'heartbeatMs'> = { mergeMs: 1000, replyMs: 100, shutdownMs: 5000 };

export interface StatusUpdate {
  readonly received: Lsn;
  readonly flushed: Lsn;
  /** Ask the server to answer, so that silence means a dead connection. */
  readonly ping: boolean;
}

/**
 * Which status update to send, and when. Pure: time is an argument, nothing is sent here. `flushed` never exceeds what
 * was acknowledged, nor what the server sent: an acknowledgement beyond its WAL would poison the slot.
 * https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-STANDBY-STATUS-UPDATE
 */
export class Feedback {
  private readonly options: FeedbackOptions;
  private received: Lsn = ZERO_LSN;
  private flushed: Lsn;
  private sentFlushed: Lsn = ZERO_LSN;
  private lastSentAt: number;
  private replyWanted = false;
  private askedFor: { readonly walEnd: Lsn; readonly since: number } | null = null;

  constructor(options: FeedbackOptions, start: Lsn, now: number) {
    this.options = options;
    this.flushed = start;
    this.lastSentAt = now;
  }

  get confirmed(): Lsn {
    return this.sentFlushed;
  }

  get receivedLsn(): Lsn {
    return this.received;
  }

  onData(walEnd: Lsn): void {
    this.received = maxLsn(this.received, walEnd);
  }

  onKeepalive(walEnd: Lsn, replyRequested: boolean, now: number): void {
    this.received = maxLsn(this.received, walEnd);
    if (!replyRequested) return;
    this.replyWanted = true;
    if (this.flushed >= walEnd) this.askedFor = null;
    else if (this.askedFor?.walEnd !== walEnd) this.askedFor = { walEnd, since: now };
  }

  /** Everything before `flushed` is durable. Going back is ignored. */
  acknowledge(flushed: Lsn): void {
    this.flushed = maxLsn(this.flushed, flushed);
    if (this.askedFor && this.flushed >= this.askedFor.walEnd) this.askedFor = null;
  }

  /** The update to send now, or null. Sending is assumed to succeed. */
  due(now: number): StatusUpdate | null {
    const since = now - this.lastSentAt;
    const heartbeat = since >= this.options.heartbeatMs;
    const progress = this.safeFlushed() > this.sentFlushed && since >= this.options.mergeMs;
    const reply = this.replyWanted && since >= this.options.replyMs;
    if (!heartbeat && !progress && !reply) return null;
    return this.update(now, heartbeat);
  }

  /** The update to send whatever the time is. */
  update(now: number, ping: boolean): StatusUpdate {
    this.lastSentAt = now;
    this.replyWanted = false;
    this.sentFlushed = this.safeFlushed();
    return { received: maxLsn(this.received, this.sentFlushed), flushed: this.sentFlushed, ping };
  }

  /** The server waits for a confirmation that we cannot give: it wants to stop, and we hold it up. */
  holdsUpShutdown(now: number): boolean {
    return this.askedFor !== null && now - this.askedFor.since >= this.options.shutdownMs && this.replyWanted;
  }

  /** Ticks in ms at which `due` should be asked. */
  get tickMs(): number {
    return Math.min(this.options.replyMs, this.options.heartbeatMs);
  }

  /** The start position is already confirmed; beyond it only what the server sent. */
  private safeFlushed(): Lsn {
    return maxLsn(this.sentFlushed, this.received === ZERO_LSN ? ZERO_LSN : minLsn(this.flushed, this.received));
  }
}
