import { describe, expect, it } from 'vitest';
import { Stalls } from '../../src/source/stalls.ts';

const options = { tickMs: 100, senderTimeoutMs: 30_000 };

describe('Stalls', () => {
  it('says nothing while the timer fires in time, or a little late', () => {
    const stalls = new Stalls(options, 1000);
    expect([1100, 1200, 1450, 6400].map((now) => stalls.tick(now))).toEqual([0, 0, 0, 0]);
    expect(stalls.totalMs).toBe(0);
    expect(stalls.recent(6400)).toBe(0);
  });

  it('says for how long nothing could be done, once, and adds it up', () => {
    const stalls = new Stalls(options, 1000);
    expect(stalls.tick(1100)).toBe(0);
    expect(stalls.tick(8200)).toBe(7000);
    expect(stalls.tick(8300)).toBe(0);
    expect(stalls.tick(14_400)).toBe(6000);
    expect(stalls.totalMs).toBe(13_000);
  });

  it('takes a third of what the server waits for long, where that is less', () => {
    const stalls = new Stalls({ tickMs: 100, senderTimeoutMs: 1500 }, 0);
    expect(stalls.tick(599)).toBe(0);
    expect(stalls.tick(1199)).toBe(500);
  });

  it('explains a loss for as long as the server waits, and no longer', () => {
    const stalls = new Stalls(options, 0);
    stalls.tick(40_100);
    expect(stalls.recent(40_100)).toBe(40_000);
    expect(stalls.recent(70_099)).toBe(40_000);
    expect(stalls.recent(70_100)).toBe(0);
  });
});
