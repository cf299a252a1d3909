import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps Kafka transactions apart, so that what comes meanwhile makes fewer of them. Nothing waits after a pause. */
export class Linger {
  private readonly ms: number;
  private readonly now: () => number;
  private readonly wait: (ms: number) => Promise<unknown>;
  private last = Number.NEGATIVE_INFINITY;

  constructor(ms: number, now: () => number = () => performance.now(), wait: (ms: number) => Promise<unknown> = sleep) {
    this.ms = ms;
    this.now = now;
    this.wait = wait;
  }

  async rest(): Promise<void> {
    if (this.ms === 0) return;
    const left = this.last + this.ms - this.now();
    if (left > 0) await this.wait(left);
    this.last = this.now();
  }
}
