import type { Destination } from './model/destination.ts';
import type { LogEvent } from './model/event.ts';
import type { SourceOptions, StreamOptions } from './model/source.ts';
import type { Gate } from './pipeline/gate.ts';
import type { PipelineOptions } from './pipeline/options.ts';
import { runPipeline } from './pipeline/pipeline.ts';
import { PostgresSource } from './source/postgres.ts';
import { Counters } from './status/counters.ts';
import type { Applied } from './status/distribution.ts';
import { sample } from './status/sampler.ts';
import type { Status } from './status/status.ts';

/** Everything one pipeline needs, resolved from a configuration. */
export interface Replication {
  readonly source: SourceOptions;
  readonly stream: StreamOptions;
  readonly openDestination: () => Promise<Destination>;
  readonly pipeline: PipelineOptions;
  /** How long the first connections may fail before the run gives up, ms. */
  readonly startupMs: number;
}

export type Look = (before: Status | null) => Status;

export interface Observer {
  /** Stops the run: the batch in hand is committed, the slot released. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: LogEvent) => void;
  /** Called with a fresh status every `statusMs`, and once more at the end. */
  readonly onStatus?: (status: Status) => void;
  /** Holds the pipeline while it is closed. */
  readonly gate?: Gate;
  /** 250 by default. */
  readonly statusMs?: number;
  /** Called once, with a way to look at any moment; rates are over the time since `before`. `applied` goes on counting. */
  readonly onLook?: (look: Look, applied: Applied) => void;
}

/** Runs the pipeline and watches it. Resolves with the last status; rejects with a Pg2anyError. */
export async function run(replication: Replication, observer: Observer = {}): Promise<Status> {
  const counters = new Counters(Date.now());
  let status = sample(counters, null, Date.now());
  const look: Look = (before) => {
    counters.pausedSince = observer.gate?.since ?? null;
    return sample(counters, before, Date.now());
  };
  const refresh = (): void => {
    status = look(status);
    observer.onStatus?.(status);
  };
  observer.onLook?.(look, counters.applies);
  const timer = setInterval(refresh, observer.statusMs ?? 250);
  try {
    await runPipeline(replication.pipeline, {
      openSource: () => PostgresSource.open(replication.source, replication.stream),
      openDestination: replication.openDestination,
      counters,
      emit: (event) => observer.onEvent?.({ at: Date.now(), ...event }),
      signal: observer.signal ?? new AbortController().signal,
      startupMs: replication.startupMs,
      ...(observer.gate ? { gate: observer.gate } : {}),
    });
  } finally {
    clearInterval(timer);
    refresh();
  }
  return status;
}
