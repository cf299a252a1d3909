import type { Measured } from './child.ts';
import { type Line, median } from './ratio.ts';
import { measure, perSecond } from './runs.ts';
import type { Servers } from './servers.ts';
import { Workload } from './workload.ts';

const k = (value: number): string => `${Math.round(value / 1000)}k/s`;

interface Round {
  drain: Measured;
  load: Measured;
  upsert: Measured;
  sqlite: Measured;
}

/** One kind of change, read by each contender from the same WAL, one after the other, `rounds` times. */
async function rounds(servers: Servers, count: number, fill: (work: Workload) => Promise<void>): Promise<Round[]> {
  const work = await Workload.connect(servers.source);
  const from = await work.reset();
  await fill(work);
  const until = await work.position();
  const one = async (mode: 'drain' | 'replicate', destination: string | null): Promise<Measured> => {
    const slot = 'run';
    await work.slot(slot);
    const measured = await measure({ mode, source: servers.source, destination, slot, from, until });
    await work.drop(slot);
    return measured;
  };
  const result: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${count}\n`);
    result.push({
      drain: await one('drain', null),
      load: await one('replicate', await servers.freshMariadb('load')),
      upsert: await one('replicate', await servers.freshMariadb('upsert')),
      sqlite: await one('replicate', servers.freshSqlite()),
    });
  }
  await work.close();
  return result;
}

const ratio = (result: readonly Round[], a: keyof Round, b: keyof Round): number =>
  median(result.map((round) => perSecond(round[a]) / perSecond(round[b])));

const figures = (result: readonly Round[], a: keyof Round, b: keyof Round): string =>
  `${k(median(result.map((round) => perSecond(round[a]))))} ÷ ${k(median(result.map((round) => perSecond(round[b]))))}`;

function against(result: readonly Round[], what: string, a: keyof Round, b: keyof Round, target: number): Line {
  return { what, value: ratio(result, a, b), unit: 'ratio', target, atLeast: true, detail: figures(result, a, b) };
}

/** Inserts in transactions of 100, and the 60/30/10 mix. */
export async function streamLines(servers: Servers, events: number, count: number): Promise<Line[]> {
  process.stderr.write('inserts\n');
  const inserts = await rounds(servers, count, (work) => work.inserts(events));
  process.stderr.write('mixed\n');
  const mixed = await rounds(servers, count, (work) => work.mixed(events));
  const cpu = median(inserts.map((round) => (round.load.cpuSeconds / round.load.events) * 1e6));
  const rss = Math.max(...inserts.map((round) => round.load.rssMb));
  return [
    against(inserts, 'MariaDB, inserts ÷ paced drain', 'load', 'drain', 0.75),
    against(mixed, 'MariaDB, mixed ÷ paced drain', 'load', 'drain', 0.6),
    against(inserts, 'MariaDB, upsert road ÷ LOAD road', 'upsert', 'load', 0.6),
    against(inserts, 'SQLite, inserts ÷ paced drain', 'sqlite', 'drain', 0.75),
    against(mixed, 'SQLite, mixed ÷ paced drain', 'sqlite', 'drain', 0.6),
    {
      what: 'CPU of the process per 1M inserts',
      value: cpu,
      unit: 's',
      target: 2,
      atLeast: false,
      detail: 'LOAD road',
    },
    { what: 'peak RSS', value: rss, unit: 'MB', target: 250, atLeast: false, detail: 'LOAD road, backlog of inserts' },
  ];
}
