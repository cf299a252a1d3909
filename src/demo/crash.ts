import type { Child, Children } from './child.ts';
import { Failure } from './failure.ts';
import { type LoadResult, runLoad } from './load.ts';
import { grouped, type Narrator } from './narrator.ts';

export interface Stage {
  readonly sourceUrl: string;
  readonly children: Children;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

export const REPLICATE = ['replicate', '--env', '--json', '--no-tui'] as const;

/** A replicator that takes longer than this to get going is given up; what kept it was told meanwhile. */
const LATEST_MS = 60_000;

/** Starts a replicator and waits for its stream. */
export async function startReplicator({ children, signal }: Stage): Promise<Child> {
  const child = children.start(REPLICATE);
  const late = setTimeout(() => void child.end('SIGTERM'), LATEST_MS);
  const streams = await child.event('streaming');
  clearTimeout(late);
  signal.throwIfAborted();
  if (!streams) throw new Failure('the replicator ended early', await child.ended, child);
  return child;
}

/** Seconds between two lines of the load. */
const TELL_EVERY = 2;
/** The load goes on without a replicator for so long, ms. */
const ABSENCE_MS = 1000;

/**
 * Live load for so long; half-way the replicator dies by kill -9, and another one takes over a second later. Gives the
 * load's figures and the replicator that runs at the end.
 */
export async function loadThroughCrash(
  stage: Stage,
  first: Child,
  load: { rate: number; seconds: number; seed: number },
) {
  const crash = new Crash(stage, first, load.seconds / 2);
  const result = await runLoad({
    url: stage.sourceUrl,
    ratePerSecond: load.rate,
    seconds: load.seconds,
    seed: load.seed,
    signal: stage.signal,
    onProgress: (progress) => crash.onProgress(progress),
  });
  return { result, child: await crash.done() };
}

class Crash {
  private readonly stage: Stage;
  private readonly first: Child;
  private readonly at: number;
  private readonly startedAt = performance.now();
  private told = 0;
  private second: Promise<Child> | null = null;

  constructor(stage: Stage, first: Child, at: number) {
    this.stage = stage;
    this.first = first;
    this.at = at;
  }

  onProgress(progress: LoadResult): void {
    const due = progress.seconds >= this.told + TELL_EVERY || progress.seconds < this.told;
    if (due) this.tell(progress);
    if (progress.seconds >= this.at) this.second ??= this.replaceSoon();
  }

  /** The replicator that took over; kills now where the load was too short to get there. */
  async done(): Promise<Child> {
    this.stage.signal.throwIfAborted();
    return await (this.second ?? this.replace());
  }

  /** Nobody waits for it before the load has ended. */
  private replaceSoon(): Promise<Child> {
    const child = this.replace();
    child.catch(() => undefined);
    return child;
  }

  private tell({ seconds, rows }: LoadResult): void {
    this.told = Math.floor(seconds);
    this.stage.narrator.moment('bullet', seconds, `${grouped(rows)} rows changed at the source`);
  }

  private async replace(): Promise<Child> {
    const { narrator, signal } = this.stage;
    await this.first.end('SIGKILL');
    narrator.moment('error', this.elapsed(), `kill -9 ${this.first.pid}: no replicator any more, the load goes on`);
    await new Promise((resolve) => setTimeout(resolve, ABSENCE_MS));
    signal.throwIfAborted();
    const child = await startReplicator(this.stage);
    const resumed = child.events.find(({ event }) => event === 'resumed')?.message ?? 'resumed';
    narrator.moment('ok', this.elapsed(), `started again: ${resumed}`);
    return child;
  }

  private elapsed(): number {
    return (performance.now() - this.startedAt) / 1000;
  }
}
