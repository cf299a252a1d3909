import type { LogEvent } from '../model/event.ts';

/** Of one kind in one window; what comes after is only counted. */
const MOST = 5;
const WINDOW_MS = 60_000;

interface Kind {
  readonly event: LogEvent;
  since: number;
  shown: number;
  held: number;
}

const idOf = ({ event, severity, data }: LogEvent): string =>
  [severity, event, data?.code ?? '', data?.table ?? ''].join(' ');

/**
 * Holds back what repeats: the sixth event of a name, code and table within a minute is counted instead of written, and
 * the count is told once the minute is over. Pure; asked with the time.
 */
export class Repeats {
  private readonly kinds = new Map<string, Kind>();

  /** Whether this one is written. */
  passes(event: LogEvent, now: number): boolean {
    const id = idOf(event);
    const known = this.kinds.get(id);
    if (!known) {
      this.kinds.set(id, { event, since: now, shown: 1, held: 0 });
      return true;
    }
    if (known.shown < MOST) {
      known.shown += 1;
      return true;
    }
    known.held += 1;
    return false;
  }

  /** Counts of what was held back in windows that are over by now, as events of their own; all of it with `now` Infinity. */
  due(now: number): readonly LogEvent[] {
    const over = [...this.kinds].filter(([, { since }]) => now - since >= WINDOW_MS);
    for (const [id] of over) this.kinds.delete(id);
    return over.flatMap(([, { event, since, held }]) => (held === 0 ? [] : [summary(event, held, since)]));
  }
}

const summary = ({ at, event, severity, data, message }: LogEvent, held: number, since: number): LogEvent => ({
  at: Math.max(at, since + WINDOW_MS),
  severity,
  event: 'log.repeated',
  message: `${event} came ${held} more times within a minute, the first: ${message}`,
  data: { repeated: event, count: held, code: data?.code ?? null, table: data?.table ?? null },
});
