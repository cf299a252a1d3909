import { isLoopback, showAddress } from '../config/address.ts';
import type { Config } from '../config/config.ts';
import { hideIn, redactor } from '../config/redact.ts';
import type { LogEvent } from '../model/event.ts';
import type { Look } from '../replication.ts';
import type { Endpoint } from '../serve/endpoint.ts';
import type { View } from '../serve/view.ts';
import type { Applied } from '../status/distribution.ts';
import type { Status } from '../status/status.ts';
import type { Context } from './command.ts';
import { version } from './version.ts';

/** What probes and metrics are told. */
export interface Probed {
  readonly onLook: (look: Look, applied: Applied) => void;
  readonly onEvent: (event: LogEvent) => void;
  readonly close: () => Promise<void>;
}

/** Counts events by name and severity, which are few. */
class EventCounts {
  private readonly counts = new Map<string, { event: string; severity: string; count: number }>();

  add({ event, severity }: LogEvent): void {
    const id = `${severity} ${event}`;
    const known = this.counts.get(id);
    if (known) known.count += 1;
    else this.counts.set(id, { event, severity, count: 1 });
  }

  get all(): View['events'] {
    return [...this.counts.values()];
  }
}

const buildOf = () => ({
  name: 'pg2any',
  version: version(),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  startedAt: new Date(performance.timeOrigin).toISOString(),
});

/** As `pg2any status --json`, with this process as the one that works on the pipeline. */
async function overview(config: Config, environment: Context['environment'], status: Status | null): Promise<object> {
  const { observatory } = await import('./status/look.ts');
  const { overviewJson } = await import('./status/json.ts');
  const eye = observatory(config, environment, async () => (status ? { pid: process.pid, status } : null));
  try {
    return overviewJson(config, await eye.look());
  } finally {
    await eye.close();
  }
}

function announce({ host, port }: Endpoint, tell: (event: LogEvent) => void): void {
  const at = Date.now();
  const where = `http://${showAddress({ host, port })}`;
  const data = { host, port };
  tell({ at, severity: 'info', event: 'http.listening', message: `probes and metrics at ${where}`, data });
  if (isLoopback({ host, port })) return;
  const message = `${where} can be reached from other machines and asks for no login: let only your monitoring reach it`;
  tell({ at, severity: 'warn', event: 'http.open', message, data });
}

const SILENT: Probed = { onLook: () => undefined, onEvent: () => undefined, close: async () => undefined };

/** Answers probes over HTTP where the configuration asks for it. Rejects with HTTP_UNAVAILABLE. */
export async function openToProbes(
  config: Config,
  environment: Context['environment'],
  tell: (event: LogEvent) => void,
): Promise<Probed> {
  const { http, readyLagMs } = config.operation;
  if (!http) return SILENT;
  const { openEndpoint } = await import('../serve/endpoint.ts');
  const events = new EventCounts();
  let look: (() => Status) | null = null;
  let applied: Applied | null = null;
  const view: View = {
    get look() {
      return look;
    },
    get applied() {
      return applied;
    },
    get events() {
      return events.all;
    },
    build: buildOf(),
    slot: config.slot,
    readyLagMs,
  };
  const hide = redactor(config);
  const endpoint = await openEndpoint({
    ...http,
    view,
    overview: () => overview(config, environment, look?.() ?? null),
    hide: (text) => hideIn(text, hide),
  });
  announce(endpoint, tell);
  return {
    onLook: (from, counted) => {
      let last: Status | null = null;
      look = () => {
        last = from(last);
        return last;
      };
      applied = counted;
    },
    onEvent: (event) => events.add(event),
    close: () => endpoint.close(),
  };
}
