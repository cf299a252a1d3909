import { setImmediate } from 'node:timers/promises';

/** The longest stretch without a look at timers and sockets, in milliseconds. */
const STRETCH = 10;

/**
 * SQLite works in our own thread. A pause now and then lets timers run: above all the feedback that keeps PostgreSQL
 * from giving the connection up.
 */
export class Pace {
  #since = performance.now();

  get due(): boolean {
    return performance.now() - this.#since > STRETCH;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
