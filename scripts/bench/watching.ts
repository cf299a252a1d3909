import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Line, median } from './ratio.ts';
import type { Servers } from './servers.ts';
import { atTerminal, pidIn } from './terminal.ts';
import { Workload } from './workload.ts';

const ROWS_PER_SECOND = 10_000;
/** Until its memory has settled, and then as long as it is looked at. */
const WARM_SECONDS = 10;
const SECONDS = 20;

interface Cost {
  readonly rssMb: number;
  /** Share of a core. */
  readonly cpu: number;
}

/** By https://man7.org/linux/man-pages/man5/proc.5.html, CPU in hundredths of a second. */
const proc = (pid: number, file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8');
const rssMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(proc(pid, 'status'))?.[1]) / 1024;
const cpuSeconds = (pid: number): number => {
  // The second field is a name, in which anything may stand.
  const [user, system] = proc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
};

async function watch(pid: number): Promise<Cost> {
  await sleep(WARM_SECONDS * 1000);
  const [cpu, began, seen] = [cpuSeconds(pid), performance.now(), [] as number[]];
  while (performance.now() - began < SECONDS * 1000) {
    await sleep(500);
    seen.push(rssMb(pid));
  }
  return { rssMb: median(seen), cpu: (cpuSeconds(pid) - cpu) / ((performance.now() - began) / 1000) };
}

/** Starts it, loads the source at a steady rate, and looks at the process meanwhile. */
async function run(servers: Servers, work: Workload, words: readonly string[]): Promise<Cost> {
  await work.reset();
  await work.slot('run');
  const url = await servers.freshMariadb('load');
  const names = { slot: 'run', publication: 'bench', snapshot: 'never' };
  const config = { source: { url: servers.source }, destination: { url }, ...names };
  writeFileSync(join(servers.folder, 'pg2any.yaml'), JSON.stringify(config));
  const child = atTerminal(servers.folder, words);
  child.stdout?.resume();
  const closed = new Promise((resolve) => child.on('close', resolve));
  await sleep(3000);
  const pid = pidIn(servers.folder);
  const load = work.steady(ROWS_PER_SECOND, WARM_SECONDS + SECONDS + 1);
  const cost = await watch(pid);
  await load;
  process.kill(pid, 'SIGTERM');
  await closed;
  await work.drop('run');
  return cost;
}

/** What the process takes at a steady rate, with the live view and with plain lines. */
export async function watchingLines(servers: Servers): Promise<Line[]> {
  process.stderr.write('live view at a steady rate\n');
  const work = await Workload.connect(servers.source);
  const plain = await run(servers, work, ['--no-tui']);
  const view = await run(servers, work, []);
  await work.close();
  const percent = ({ cpu }: Cost): string => `${(100 * cpu).toFixed(1)} %`;
  return [
    {
      what: 'RSS with the live view at 10k rows/s',
      value: view.rssMb,
      unit: 'MB',
      target: 130,
      atLeast: false,
      detail: `${Math.round(plain.rssMb)} MB with plain lines`,
    },
    {
      what: 'cores that the live view takes then',
      value: view.cpu - plain.cpu,
      unit: 'ratio',
      target: 0.1,
      atLeast: false,
      detail: `${percent(view)} − ${percent(plain)} of a core`,
    },
  ];
}
