import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lsn } from '../../src/model/lsn.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';

const NOW = 10_000_000;
const HOUR = 3_600_000;
let counters: Counters;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  counters = new Counters(NOW);
  counters.phase = 'streaming';
  counters.flushed = lsn(100n);
});
afterEach(() => vi.useRealTimers());

const lag = () => sample(counters, null, Date.now()).lag;

test('nothing is claimed before the stream is caught up or something was applied', () => {
  expect(lag()).toMatchObject({ seconds: null, idle: false });
  counters.idle = true;
  expect(lag()).toMatchObject({ seconds: 0, idle: true });
});

test('a commit after a quiet hour is no hour of lag', () => {
  counters.appliedCommitTime = NOW - HOUR;
  counters.idle = true;
  vi.setSystemTime(NOW + HOUR);
  counters.idle = false;
  vi.setSystemTime(NOW + HOUR + 2000);
  expect(lag().seconds).toBe(2);
});

test('a backlog counts from the commit that was applied last', () => {
  counters.appliedCommitTime = NOW - HOUR;
  expect(lag().seconds).toBe(3600);
});

test('while a person holds it, it is neither idle nor up to date', () => {
  counters.idle = true;
  counters.pausedSince = NOW;
  vi.setSystemTime(NOW + 3000);
  expect(sample(counters, null, Date.now())).toMatchObject({ phase: 'paused', lag: { seconds: 3, idle: false } });
});

test('only what would go on is called paused', () => {
  counters.pausedSince = NOW;
  const phases = (['connecting', 'streaming', 'snapshot', 'retrying', 'stopped'] as const).map((phase) => {
    counters.phase = phase;
    return sample(counters, null, NOW).phase;
  });
  expect(phases).toEqual(['connecting', 'paused', 'paused', 'paused', 'stopped']);
});

test('bytes are up to the newest end of the WAL that is known', () => {
  counters.walEnd = lsn(150n);
  expect(lag().bytes).toBe(50);
  counters.received = lsn(170n);
  expect(lag().bytes).toBe(70);
});
