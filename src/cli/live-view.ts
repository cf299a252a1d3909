import type { Config } from '../config/config.ts';
import { redactor } from '../config/redact.ts';
import type { PlannedColumn } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import type { LogEvent } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import type { Gate } from '../pipeline/gate.ts';
import type { Status } from '../status/status.ts';
import type { Feed, Watcher } from '../tui/live/feed.ts';
import { runLive } from '../tui/live/index.ts';
import { terminalOf } from './at-terminal.ts';
import type { Context } from './command.ts';
import { plainView, STATUS_MS, type View } from './headless.ts';
import { hiddenEvent, hiddenStatus } from './hidden.ts';
import type { Io } from './io.ts';
import type { Controls } from './open-to-others.ts';
import { summaryLines } from './summary.ts';

const FRAME_MS = 500;

/** A path may hold a percent sign of its own. */
function readable(encoded: string): string {
  try {
    return decodeURI(encoded);
  } catch {
    return encoded;
  }
}

/** `shop → mysql replica:3306/shop`. */
export function titleOf({ source, destination }: Config): string {
  const there = destination.display.replace(/^[a-z0-9+.-]+:(\/\/)?([^@/]*@)?/i, '');
  return `${source.database} → ${destination.type} ${readable(there)}`;
}

/** What every table becomes, asked once. */
export function columnsOf(config: Config): (table: string) => Promise<readonly PlannedColumn[]> {
  let asked: Promise<ReadonlyMap<string, readonly PlannedColumn[]>> | null = null;
  const ask = async () => {
    const { planTables } = await import('./table-plans.ts');
    const { tables } = await planTables(config);
    return new Map(tables.map(({ table, columns }) => [table, columns]));
  };
  return async (table) => {
    asked ??= ask();
    const known = await asked.catch((error: unknown) => {
      asked = null;
      throw error;
    });
    const columns = known.get(table);
    if (!columns) throw new Pg2anyError('INTERNAL', `${table} is no longer published under this name`);
    return columns;
  };
}

/** The pipeline of this process, as a feed. */
class OwnFeed implements Feed {
  readonly leaving = 'quit';
  readonly columns: (table: string) => Promise<readonly PlannedColumn[]>;
  readonly stop: () => void;
  private readonly gate: Gate;
  watcher: Watcher | null = null;

  constructor(config: Config, { gate, stop }: Controls) {
    this.columns = columnsOf(config);
    this.gate = gate;
    this.stop = stop;
  }

  subscribe(watcher: Watcher): () => void {
    this.watcher = watcher;
    return () => {
      this.watcher = null;
    };
  }

  pause(): void {
    this.gate.close();
  }

  resume(): void {
    this.gate.open();
  }
}

const findingEvent = ({ severity, message, fix }: Finding): LogEvent => ({
  at: Date.now(),
  severity: severity === 'block' ? 'error' : severity,
  event: 'finding',
  message: fix ? `${message} (pg2any check shows the fix)` : message,
});

/** A status each 10 s of those that come four times a second. */
function seldom(show: (status: Status) => void): (status: Status) => void {
  let shownAt = Number.NEGATIVE_INFINITY;
  return (status) => {
    if (status.at - shownAt < STATUS_MS) return;
    shownAt = status.at;
    show(status);
  };
}

/** Runs the live view. Where it fails the pipeline goes on, and plain lines follow. */
export function liveView(config: Config, io: Io, environment: Context['environment'], controls: Controls): View {
  const hide = redactor(config);
  const feed = new OwnFeed(config, controls);
  const lines = plainView(io);
  const line = seldom(lines.status);
  let fallen = false;
  const shown = runLive({ feed, terminal: terminalOf(environment), title: titleOf(config) }).catch((error: Error) => {
    fallen = true;
    io.err(`the live view failed (${error.message}); plain lines follow`);
    return null;
  });
  const event = (one: LogEvent): void => (fallen ? lines.event(one) : feed.watcher?.event(hiddenEvent(one, hide)));
  const status = (now: Status): void => (fallen ? line(now) : feed.watcher?.status(hiddenStatus(now, hide)));
  return {
    statusMs: FRAME_MS,
    look: () => undefined,
    finding: (finding) => event(findingEvent(finding)),
    event,
    status,
    end: (last) => (fallen ? lines.end(last) : status(last)),
    close: async () => {
      feed.watcher?.end();
      const summary = await shown;
      if (summary) for (const text of summaryLines(summary, io.style.err, io.width)) io.err(text);
    },
  };
}
