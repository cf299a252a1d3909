/** Messages of the replication stream, copied out of the driver's receive buffer, which it reuses. */
export interface Arena {
  readonly buffer: Buffer;
  /** End offsets of the messages, in order; the first begins at 0. */
  readonly ends: readonly number[];
  readonly bytes: number;
}

interface Growing {
  readonly buffer: Buffer;
  readonly ends: number[];
  used: number;
}

/** Copying many small messages into one buffer costs a memcpy each instead of an allocation each. */
const ARENA_BYTES = 256 * 1024;

/** A queue of raw messages measured in bytes. One reader takes, one socket callback pushes. */
export class Inbox {
  private readonly arenas: Growing[] = [];
  private wake: (() => void) | null = null;
  private failure: Error | null = null;
  bytes = 0;

  push(message: Buffer): void {
    let arena = this.arenas.at(-1);
    if (!arena || arena.buffer.length - arena.used < message.length) {
      arena = { buffer: Buffer.allocUnsafeSlow(Math.max(ARENA_BYTES, message.length)), ends: [], used: 0 };
      this.arenas.push(arena);
    }
    message.copy(arena.buffer, arena.used);
    arena.used += message.length;
    arena.ends.push(arena.used);
    this.bytes += message.length;
    this.signal();
  }

  /** What was received before the failure can still be taken; after that `take` rejects with it. */
  fail(error: Error): void {
    this.failure ??= error;
    this.signal();
  }

  /** The oldest messages, waiting for some if there are none; null once `signal` aborts. */
  async take(signal: AbortSignal): Promise<Arena | null> {
    const wake = (): void => this.signal();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const arena = this.arenas.shift();
        if (arena) {
          this.bytes -= arena.used;
          return { buffer: arena.buffer, ends: arena.ends, bytes: arena.used };
        }
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

  private signal(): void {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }
}
