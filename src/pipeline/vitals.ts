import type { Emit } from '../model/event.ts';
import type { Source, Stream } from '../model/source.ts';
import type { Counters } from '../status/counters.ts';
import type { Gate } from './gate.ts';
import { asking, every, type Watch } from './watch.ts';

const REFRESH_MS = 250;
/** The source's WAL end and what the slot holds back cost a query. */
const QUERY_MS = 2000;

/** Asks what the slot costs the source, from its creation on: also a copy holds WAL back. */
export function watchSlot(source: Source, counters: Counters): Watch {
  return asking(QUERY_MS, async () => {
    try {
      Object.assign(counters, await source.retained(), { seenAt: Date.now() });
    } catch {
      // The stream itself reports a lost source; a missing figure is shown as unknown.
      counters.retainedBytes = null;
    }
  });
}

export interface VitalsPorts {
  readonly counters: Counters;
  readonly emit: Emit;
  readonly gate: Gate;
}

const HELD = 'the pause outlasts the connection to the source, which was given up; the slot keeps every change';

const stalled = (ms: number): Parameters<Emit>[0] => ({
  severity: 'warn',
  event: 'process.stalled',
  message: `nothing could be done for ${(ms / 1000).toFixed(1)} s: this process was stopped, had no CPU, or was busy; the source ends a connection that is silent for long`,
  data: { ms: Math.round(ms) },
});

/** Copies what the connection looks like into the counters, a few times a second. */
export function watchVitals(stream: Stream, { counters, emit, gate }: VitalsPorts): Watch {
  let reported = false;
  let closed = false;
  let told = 0;
  const earlier = counters.pausedMs;
  const look = (): void => {
    const { received, confirmed, queueBytes, pausedMs, stalledMs, failure } = stream.vitals();
    Object.assign(counters, { received, confirmed, queueBytes, pausedMs: earlier + pausedMs });
    if (stalledMs > told) emit(stalled(stalledMs - told));
    told = stalledMs;
    const before = closed;
    closed = gate.closed;
    if (!failure || reported) return;
    reported = true;
    const held = (before || gate.closed) && failure.code === 'STREAM_STALLED';
    const message = held ? HELD : failure.message;
    emit({ severity: held ? 'info' : 'warn', event: 'source.lost', message, data: { code: failure.code } });
  };
  const watch = every(REFRESH_MS, look);
  return {
    stop() {
      watch.stop();
      look();
    },
  };
}
