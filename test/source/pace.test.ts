import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/source/pace.ts';

/** Reads of this size every so many ms, for a second; how many of them are followed by a rest. */
function rests(bytes: number, everyMs: number): number {
  const pace = new Pace();
  let count = 0;
  for (let now = 0; now < 1000; now += everyMs) if (pace.rests(bytes, now)) count += 1;
  return count;
}

describe('Pace', () => {
  it('never rests on a trickle: it would cost latency and gain nothing', () => {
    expect(rests(300, 0.5)).toBe(0);
    expect(rests(1000, 1)).toBe(0);
  });

  it('rests after small reads of a backlog', () => {
    expect(rests(4000, 0.5)).toBeGreaterThan(1900);
  });

  it('keeps resting through a lull in a backlog, and stops soon after its end', () => {
    const pace = new Pace();
    for (let now = 0; now < 100; now += 0.5) pace.rests(8000, now);
    expect(pace.rests(100, 111)).toBe(true);
    for (let now = 112; now < 400; now += 1) pace.rests(100, now);
    expect(pace.rests(100, 401)).toBe(false);
  });

  it('takes large reads one after the other', () => {
    expect(rests(64 * 1024, 1)).toBe(0);
  });
});
