export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Progress for this long forgets earlier failures. */
  readonly resetMs: number;
}

export const BACKOFF: BackoffOptions = { firstMs: 200, maxMs: 30_000, resetMs: 60_000 };

/** A standby looks often enough to take over within a few seconds: each look costs both servers a connection. */
export const STANDBY: BackoffOptions = { firstMs: 200, maxMs: 2000, resetMs: 60_000 };

/**
 * Pause before attempt `attempt` (1 is the first retry): doubling, between half and the whole of it at random, so that
 * several instances do not come back at once. `random` is in [0, 1).
 */
export function pauseMs(attempt: number, random: number, options: BackoffOptions = BACKOFF): number {
  const whole = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(whole / 2 + (whole / 2) * random);
}

/** Resolves after `ms`, or at once when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
