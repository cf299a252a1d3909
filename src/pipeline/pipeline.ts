import type { Destination } from '../model/destination.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import type { Source } from '../model/source.ts';
import type { Counters } from '../status/counters.ts';
import { attempt } from './attempt.ts';
import { BACKOFF, pause, pauseMs, STANDBY } from './backoff.ts';
import { Gate } from './gate.ts';
import type { Memory, PipelineOptions } from './options.ts';

export interface PipelinePorts {
  readonly openSource: () => Promise<Source>;
  readonly openDestination: () => Promise<Destination>;
  readonly counters: Counters;
  readonly emit: Emit;
  /** Held by a person; open unless told. */
  readonly gate?: Gate;
  readonly signal: AbortSignal;
  /** Before both servers were reached once, give up after this time (ms) instead of trying for ever. */
  readonly startupMs: number;
}

/**
 * Runs the pipeline until `until` is reached or `signal` aborts. What may pass by itself is tried again, from the
 * checkpoint, with growing pauses; the rest is thrown.
 */
export async function runPipeline(options: PipelineOptions, ports: PipelinePorts): Promise<void> {
  const { counters, signal } = ports;
  const gate = ports.gate ?? new Gate();
  const memory: Memory = {
    until: null,
    asked: new Set(),
    gone: new Set(),
    looked: new Set(),
    connected: false,
    standby: false,
  };
  const startedAt = performance.now();
  counters.slot = options.slot;
  counters.publication = options.publication;
  for (let failures = 0; !signal.aborted; ) {
    const attemptedAt = performance.now();
    const flushed = counters.flushed;
    try {
      await life(options, { ...ports, gate }, memory);
      break;
    } catch (error) {
      if (signal.aborted) break;
      const failure = lookingAgain(asPg2anyError(error), memory);
      counters.fail(failure);
      counters.idle = false;
      const progressed = performance.now() - attemptedAt > BACKOFF.resetMs || counters.flushed > flushed;
      failures = progressed ? 1 : failures + 1;
      if (!failure.retry || givesUp(failure, memory, ports, startedAt)) throw failure;
      if (failure.code === 'SLOT_IN_USE') await standBy(failure, failures, ports, memory);
      else await waitBefore(failure, failures, ports);
      memory.standby = failure.code === 'SLOT_IN_USE';
      await gate.passed(signal);
    }
  }
  counters.phase = 'stopped';
}

async function life(
  options: PipelineOptions,
  ports: PipelinePorts & { readonly gate: Gate },
  memory: Memory,
): Promise<void> {
  const source = await ports.openSource();
  try {
    const destination = await ports.openDestination();
    try {
      await attempt(options, { ...ports, source, destination }, memory);
    } finally {
      await destination.close();
    }
  } finally {
    await source.close();
  }
}

/** What may come of types that have changed since they were looked up ends the attempt once, and then stops. */
function lookingAgain(failure: Pg2anyError, { looked }: Memory): Pg2anyError {
  if (failure.lookAgain === null || looked.has(failure.lookAgain)) return failure;
  looked.add(failure.lookAgain);
  const message = `${failure.message}; looking whether the source has it by now`;
  return new Pg2anyError('STREAM_RESTART', message, { cause: failure });
}

/** An instance that waits for the slot is a standby: it never gives up. */
function givesUp(failure: Pg2anyError, memory: Memory, ports: PipelinePorts, startedAt: number): boolean {
  if (memory.connected || failure.code === 'SLOT_IN_USE') return false;
  return performance.now() - startedAt >= ports.startupMs;
}

/** Told once, however long it lasts. */
async function standBy(
  failure: Pg2anyError,
  failures: number,
  { counters, emit, signal }: PipelinePorts,
  memory: Memory,
): Promise<void> {
  counters.phase = 'retrying';
  counters.retry(failure.code);
  counters.reconnect(failure.code);
  const wait = pauseMs(failures, Math.random(), STANDBY);
  const message = `${failure.message}; waiting as a standby, to take over when it is free`;
  const data = { code: failure.code, attempt: failures, pauseMs: wait };
  if (!memory.standby) emit({ severity: 'warn', event: 'retry', message, data });
  await pause(wait, signal);
}

async function waitBefore(failure: Pg2anyError, failures: number, ports: PipelinePorts): Promise<void> {
  const { counters, emit, signal } = ports;
  counters.reconnect(failure.code);
  if (failure.code === 'STREAM_RESTART' && failures <= 3) {
    emit({ severity: 'info', event: 'stream.restart', message: failure.message });
    return;
  }
  counters.phase = 'retrying';
  counters.retry(failure.code);
  const wait = pauseMs(failures, Math.random());
  const message = `${failure.message}; trying again in ${(wait / 1000).toFixed(1)} s (attempt ${failures})`;
  emit({ severity: 'warn', event: 'retry', message, data: { code: failure.code, attempt: failures, pauseMs: wait } });
  await pause(wait, signal);
}
