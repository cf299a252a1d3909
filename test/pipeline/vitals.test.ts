import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pg2anyError } from '../../src/model/error.ts';
import type { LogEvent } from '../../src/model/event.ts';
import { lsn } from '../../src/model/lsn.ts';
import type { Stream, StreamVitals } from '../../src/model/source.ts';
import { Gate } from '../../src/pipeline/gate.ts';
import { watchVitals } from '../../src/pipeline/vitals.ts';
import { Counters } from '../../src/status/counters.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Watches a stream whose vitals the test sets; `later` lets the watch look again. */
function watched() {
  let now: StreamVitals = {
    received: lsn(0n),
    confirmed: lsn(0n),
    queueBytes: 0,
    pausedMs: 0,
    stalledMs: 0,
    failure: null,
  };
  const told: Omit<LogEvent, 'at'>[] = [];
  const ports = {
    counters: new Counters(0),
    gate: new Gate(),
    emit: (event: Omit<LogEvent, 'at'>) => told.push(event),
  };
  const watch = watchVitals({ vitals: () => now } as Stream, ports);
  const later = (change: Partial<StreamVitals> = {}) => {
    now = { ...now, ...change };
    vi.advanceTimersByTime(1000);
  };
  return { told, watch, later };
}

it('warns of every stall once, with its own length', () => {
  const { told, watch, later } = watched();
  later();
  later({ stalledMs: 7000 });
  later();
  later({ stalledMs: 13_000 });
  watch.stop();
  expect(told.map(({ event, severity, data }) => [event, severity, data?.ms])).toEqual([
    ['process.stalled', 'warn', 7000],
    ['process.stalled', 'warn', 6000],
  ]);
});

it('tells a stall before the loss that it led to, also where the watch ends at once', () => {
  const { told, watch, later } = watched();
  later();
  const failure = new Pg2anyError('SOURCE_UNREACHABLE', 'gone');
  vi.clearAllTimers();
  later({ stalledMs: 9000, failure });
  expect(told).toEqual([]);
  watch.stop();
  expect(told.map(({ event }) => event)).toEqual(['process.stalled', 'source.lost']);
});
