import type { Destination } from '../../src/model/destination.ts';
import type { LogEvent } from '../../src/model/event.ts';
import type { Lsn } from '../../src/model/lsn.ts';
import type { SourceOptions, StreamOptions } from '../../src/model/source.ts';
import type { Gate } from '../../src/pipeline/gate.ts';
import type { PipelineOptions } from '../../src/pipeline/options.ts';
import { run } from '../../src/replication.ts';
import type { Status } from '../../src/status/status.ts';
import { onlyTables } from '../../src/transform/filter.ts';
import { until } from './wait.ts';

export interface Setup {
  /** postgres:// URL of the source database. */
  readonly source: string;
  readonly open: () => Promise<Destination> | Destination;
  readonly slot?: string;
  readonly stream?: Partial<StreamOptions>;
  readonly pipeline?: Partial<PipelineOptions>;
  readonly connectTimeoutMs?: number;
  /** Over what the URL says. */
  readonly connect?: Partial<SourceOptions>;
  readonly startupMs?: number;
  readonly gate?: Gate;
}

export interface Running {
  readonly events: LogEvent[];
  readonly done: Promise<Status>;
  /** Resolves when an event of this name has been seen (`count` times). */
  saw(event: string, count?: number): Promise<void>;
  status(): Status | null;
  /** As SIGTERM does. */
  stop(): Promise<Status>;
}

export function sourceOptions(text: string, connectTimeoutMs = 5000): SourceOptions {
  const url = new URL(text);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    sslMode: 'prefer',
    sslRootCert: null,
    connectTimeoutMs,
    queryTimeoutMs: 30_000,
  };
}

export const streamOptions = (slot: string, more: Partial<StreamOptions> = {}): StreamOptions => ({
  slot,
  publication: slot,
  tables: null,
  failover: false,
  origin: 'any',
  protocolVersion: 1,
  heartbeatMs: 10_000,
  maxStallMs: 30_000,
  senderTimeoutMs: 30_000,
  slotTimeoutMs: 10_000,
  ...more,
});

/** Starts a pipeline in this process. */
export function startPipeline(setup: Setup): Running {
  const slot = setup.slot ?? 'pg2any_test';
  const stop = new AbortController();
  const events: LogEvent[] = [];
  let latest: Status | null = null;
  const done = run(
    {
      source: { ...sourceOptions(setup.source, setup.connectTimeoutMs), ...setup.connect },
      stream: streamOptions(slot, setup.stream),
      openDestination: async () => await setup.open(),
      startupMs: setup.startupMs ?? 5000,
      pipeline: {
        slot,
        publication: setup.stream?.publication ?? slot,
        snapshot: 'initial',
        until: null,
        transform: onlyTables(null),
        limits: { rows: 10_000, bytes: 8 * 1024 * 1024 },
        ...setup.pipeline,
      },
    },
    {
      signal: stop.signal,
      onEvent: (event) => events.push(event),
      onStatus: (status) => {
        latest = status;
      },
      statusMs: 50,
      ...(setup.gate ? { gate: setup.gate } : {}),
    },
  );
  done.catch(() => undefined);
  return {
    events,
    done,
    status: () => latest,
    saw: async (name, count = 1) => {
      const failed = done.then(
        () => `ended before ${name}`,
        (error: unknown) => Promise.reject(error),
      );
      const seen = until(() => events.filter((event) => event.event === name).length >= count, {
        what: `event ${name}`,
      });
      await Promise.race([
        seen,
        failed.then((text) => {
          if (events.filter((event) => event.event === name).length < count) throw new Error(text);
        }),
      ]);
    },
    async stop() {
      stop.abort();
      return await done;
    },
  };
}

/** Runs until the destination holds everything the source has now. */
export async function catchUp(setup: Setup, target: 'now' | Lsn = 'now'): Promise<Status> {
  return await startPipeline({ ...setup, pipeline: { ...setup.pipeline, until: target } }).done;
}
