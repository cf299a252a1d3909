import type { Emit } from '../model/event.ts';
import type { Source, Stream } from '../model/source.ts';
import type { Counters } from '../status/counters.ts';

const REFRESH_MS = 250;
/** The source's WAL end and what the slot holds back cost a query: every n-th refresh. */
const QUERY_EVERY = 8;

/** Copies what the connection and the slot look like into the counters, a few times a second. */
export function watchVitals(source: Source, stream: Stream, counters: Counters, emit: Emit): { stop(): void } {
  let round = 0;
  let reported = false;
  const refresh = (): void => {
    const { received, confirmed, queueBytes, pausedMs, failure } = stream.vitals();
    Object.assign(counters, { received, confirmed, queueBytes, pausedMs });
    if (failure && !reported) {
      reported = true;
      emit({ severity: 'warn', event: 'source.lost', message: failure.message, data: { code: failure.code } });
    }
    if (round++ % QUERY_EVERY !== 0) return;
    source.retained().then(
      (retained) => Object.assign(counters, retained, { seenAt: Date.now() }),
      // The stream itself reports a lost source; a missing figure is shown as unknown.
      () => Object.assign(counters, { retainedBytes: null }),
    );
  };
  const timer = setInterval(refresh, REFRESH_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      refresh();
    },
  };
}
