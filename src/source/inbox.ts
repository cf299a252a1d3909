import type { Messages } from './copy-messages.ts';

/** Bytes that one take gives at most, unless one chunk has more: half a millisecond's decoding, so that its own cost vanishes. */
const TAKE_BYTES = 64 * 1024;

/** A queue of raw messages measured in bytes. One reader takes, one socket callback pushes. */
export class Inbox {
  private readonly queue: Messages[] = [];
  private wake: (() => void) | null = null;
  private failure: Error | null = null;
  bytes = 0;

  push(messages: Messages): void {
    this.queue.push(messages);
    this.bytes += messages.bytes;
    this.signal();
  }

  /** What was received before the failure can still be taken; after that `take` rejects with it. */
  fail(error: Error): void {
    this.failure ??= error;
    this.signal();
  }

  /** The oldest messages, waiting for some if there are none; null once `signal` aborts. */
  async take(signal: AbortSignal): Promise<readonly Messages[] | null> {
    const wake = (): void => this.signal();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        if (this.queue.length > 0) return this.oldest();
        if (this.failure) throw this.failure;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      return null;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  private oldest(): readonly Messages[] {
    let count = 0;
    let bytes = 0;
    while (count < this.queue.length && bytes < TAKE_BYTES) bytes += this.queue[count++]?.bytes ?? 0;
    this.bytes -= bytes;
    return this.queue.splice(0, count);
  }

  private signal(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}
