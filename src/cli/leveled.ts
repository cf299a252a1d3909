import { Dial, type Level, levelOf } from '../logs/level.ts';
import { Repeats } from '../logs/repeats.ts';
import type { LogEvent } from '../model/event.ts';
import type { Look } from '../replication.ts';
import type { Status } from '../status/status.ts';
import type { View } from './headless.ts';

const DEBUG_STATUS_MS = 1000;

/** Changes the level at SIGUSR2, where there are signals. */
function onToggle(toggle: () => void): () => void {
  if (process.platform === 'win32') return () => undefined;
  process.on('SIGUSR2', toggle);
  return () => void process.off('SIGUSR2', toggle);
}

/** A status a second, while asked for. */
class Ticking {
  private look: Look | null = null;
  private last: Status | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly show: (status: Status) => void;

  constructor(show: (status: Status) => void) {
    this.show = show;
  }

  from(look: Look): void {
    this.look = look;
  }

  run(on: boolean): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = on ? setInterval(() => this.tick(), DEBUG_STATUS_MS) : null;
    this.timer?.unref();
  }

  private tick(): void {
    if (!this.look) return;
    this.last = this.look(this.last);
    this.show(this.last);
  }
}

/** A view that shows what the level allows, and counts what repeats; `debug` shows everything. */
export function leveled(view: View, usual: Level, now: () => number = Date.now): View {
  const dial = new Dial(usual);
  const repeats = new Repeats();
  const ticking = new Ticking((status) => view.status(status));
  const show = (event: LogEvent): void => {
    if (dial.allows(levelOf(event.severity))) view.event(event);
  };
  const tellHeld = (until: number): void => repeats.due(until).forEach(show);
  const dispose = onToggle(() => {
    const level = dial.toggle();
    ticking.run(level === 'debug');
    // Whatever the level: somebody asked.
    view.event({ at: now(), severity: 'info', event: 'log.level', message: `log level ${level}`, data: { level } });
  });
  ticking.run(usual === 'debug');
  return {
    ...view,
    finding: (finding) => {
      if (dial.allows(finding.severity === 'block' ? 'error' : levelOf(finding.severity))) view.finding(finding);
    },
    event: (event) => {
      tellHeld(now());
      if (dial.level === 'debug' || repeats.passes(event, now())) show(event);
    },
    status: (status) => {
      tellHeld(now());
      if (dial.level === 'info') view.status(status);
    },
    end: (status) => {
      tellHeld(Number.POSITIVE_INFINITY);
      if (dial.allows('info')) view.end(status);
    },
    look: (look) => {
      ticking.from(look);
      view.look(look);
    },
    close: async () => {
      dispose();
      ticking.run(false);
      tellHeld(Number.POSITIVE_INFINITY);
      await view.close();
    },
  };
}
