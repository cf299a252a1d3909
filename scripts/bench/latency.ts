import { type Line, quantile } from './ratio.ts';
import { measure } from './runs.ts';
import type { Servers } from './servers.ts';
import { STAMP, Workload } from './workload.ts';

const RATE = 2000;
const SECONDS = 10;

/** Commit at the source to commit at the destination, one-row transactions at 2,000 a second. */
export async function latencyLines(servers: Servers): Promise<Line[]> {
  process.stderr.write('latency\n');
  const work = await Workload.connect(servers.source);
  const from = await work.reset();
  await work.slot('run');
  const running = measure({
    mode: 'replicate',
    source: servers.source,
    destination: await servers.freshMariadb('load'),
    slot: 'run',
    from,
    until: null,
    stamp: STAMP,
    stopAfterRows: RATE * SECONDS,
  });
  await work.trickle(RATE, SECONDS + 2);
  const { latenciesMs } = await running;
  await work.close();
  // The first second is start-up: its rows waited for the process, not for the pipeline.
  const steady = latenciesMs.slice(RATE);
  const line = (what: string, q: number, target: number): Line => ({
    what,
    value: quantile(steady, q),
    unit: 'ms',
    target,
    atLeast: false,
    detail: `${steady.length.toLocaleString('en')} one-row transactions`,
  });
  return [line(`latency p50 at ${RATE} tx/s`, 0.5, 10), line(`latency p99 at ${RATE} tx/s`, 0.99, 100)];
}
