import { type Lsn, maxLsn, ZERO_LSN } from '../model/lsn.ts';

/** An idle position is written to the checkpoint at most this often, unless somebody waits for it. */
export const IDLE_MS = 10_000;

/**
 * Decides when a position without changes becomes a checkpoint, so that WAL of other tables and databases is freed.
 * It has to be durable at the destination before it is confirmed: otherwise a slot ahead of its checkpoint would no
 * longer mean lost changes. Pure.
 */
export class IdlePosition {
  private readonly target: Lsn | null;
  private position: Lsn = ZERO_LSN;
  private wanted = false;
  private writtenAt: number;
  /** When the destination was last given something. */
  private givenAt: number;

  /** `target`: a position somebody waits for. */
  constructor(target: Lsn | null, now: number) {
    this.target = target;
    this.writtenAt = now;
    this.givenAt = now;
  }

  /** The destination is given a batch. */
  busy(now: number): void {
    this.givenAt = now;
  }

  offer(position: Lsn, urgent: boolean): void {
    this.position = maxLsn(this.position, position);
    this.wanted ||= urgent;
  }

  /**
   * The position to write now; null when it is not worth it yet. Where nothing is new for long it is the same one again:
   * nothing else would tell that the destination is gone, or another instance's.
   */
  due(flushed: Lsn, now: number): Lsn | null {
    if (this.position <= flushed) {
      if (now - this.givenAt < IDLE_MS) return null;
      this.givenAt = now;
      return flushed;
    }
    const awaited = this.target !== null && flushed < this.target && this.position >= this.target;
    if (!this.wanted && !awaited && now - this.writtenAt < IDLE_MS) return null;
    this.wanted = false;
    this.writtenAt = now;
    this.givenAt = now;
    return this.position;
  }
}
