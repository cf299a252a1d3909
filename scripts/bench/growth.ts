import type { Measured } from './child.ts';
import { type Line, median } from './ratio.ts';
import { measure } from './runs.ts';
import type { Servers } from './servers.ts';
import { Workload } from './workload.ts';

/** What is made ten times as much of. */
const TIMES = 10;
const [FEW_TABLES, MANY_TABLES] = [10, 10 * TIMES];
/** Bytes that a row is wider by: ten times as wide as the usual one. */
const WIDER = 1200;

const microseconds = ({ cpuSeconds, events }: Measured): number => (cpuSeconds / events) * 1e6;
const million = (count: number): string => `${(count / 1e6).toLocaleString('en')}M`;

/** Fills an empty source and takes all of it into MariaDB. */
async function one(servers: Servers, fill: (work: Workload) => Promise<void>): Promise<Measured> {
  const work = await Workload.connect(servers.source);
  try {
    const from = await work.reset();
    await work.slot('run');
    await fill(work);
    const until = await work.position();
    const destination = await servers.freshMariadb('load');
    const measured = await measure({
      mode: 'replicate',
      source: servers.source,
      destination,
      slot: 'run',
      from,
      until,
    });
    await work.drop('run');
    return measured;
  } finally {
    await work.close();
  }
}

interface Pair {
  readonly small: Measured;
  readonly large: Measured;
}

/** CPU of the process by event, `by` times as much of something against the usual: 1 where it is linear. */
function growth(what: string, pairs: readonly Pair[], by: number, target: number): Line {
  const figures = (of: keyof Pair): string => `${median(pairs.map((pair) => microseconds(pair[of]))).toFixed(2)} µs`;
  return {
    what,
    value: median(pairs.map(({ small, large }) => microseconds(large) / microseconds(small) / by)),
    unit: 'ratio',
    target,
    atLeast: false,
    detail: `CPU by event, ${figures('large')} ÷ ${figures('small')}${by === 1 ? '' : ` ÷ ${by}`}`,
  };
}

/** How cost grows with backlog, width and tables, and what one large transaction takes of memory. */
export async function growthLines(servers: Servers, events: number, huge: number, rounds: number): Promise<Line[]> {
  process.stderr.write('growth\n');
  const [backlog, width, tables]: [Pair[], Pair[], Pair[]] = [[], [], []];
  const some = events / TIMES;
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${rounds}\n`);
    const small = await one(servers, (work) => work.inserts(some));
    backlog.push({ small, large: await one(servers, (work) => work.inserts(events)) });
    width.push({ small, large: await one(servers, (work) => work.inserts(some, WIDER)) });
    tables.push({
      small: await one(servers, (work) => work.spread(some, FEW_TABLES)),
      large: await one(servers, (work) => work.spread(some, MANY_TABLES)),
    });
  }
  process.stderr.write('  one transaction\n');
  const steady = Math.max(...backlog.map(({ large }) => large.rssMb));
  const { rssMb } = await one(servers, (work) => work.transaction(huge));
  return [
    growth(`cost by event, ${TIMES}× the backlog`, backlog, 1, 1.1),
    growth(`cost by byte, ${TIMES}× the row width`, width, TIMES, 1.1),
    growth(`cost by event, ${TIMES}× the tables`, tables, 1, TIMES),
    {
      what: `peak RSS, one transaction of ${million(huge)} rows`,
      value: rssMb - steady,
      unit: 'MB',
      target: 50,
      atLeast: false,
      detail: `${Math.round(rssMb)} MB − ${Math.round(steady)} MB with small ones`,
    },
  ];
}
