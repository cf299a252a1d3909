import { describe, expect, it } from 'vitest';
import { BACKOFF, pause, pauseMs } from '../../src/pipeline/backoff.ts';

describe('pauseMs', () => {
  it('doubles from attempt to attempt, within jitter, up to the limit', () => {
    expect(pauseMs(1, 0)).toBe(BACKOFF.firstMs / 2);
    expect(pauseMs(1, 0.999)).toBeLessThanOrEqual(BACKOFF.firstMs);
    expect(pauseMs(3, 0)).toBe(BACKOFF.firstMs * 2);
    expect(pauseMs(1000, 0.999)).toBeLessThanOrEqual(BACKOFF.maxMs);
    expect(pauseMs(1000, 0)).toBe(BACKOFF.maxMs / 2);
  });

  it('ends a pause at once when told to stop', async () => {
    const stop = new AbortController();
    const waiting = pause(3_600_000, stop.signal);
    stop.abort();
    await waiting;
  });
});
