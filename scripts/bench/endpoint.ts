import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/demo/free-port.ts';
import type { Measured } from './child.ts';
import { type Line, median } from './ratio.ts';
import { measure, perSecond } from './runs.ts';
import type { Servers } from './servers.ts';
import { Workload } from './workload.ts';

/** Asks for the metrics each second, as Prometheus at its most eager. Returns how often it was answered. */
function scraping(port: number): () => number {
  let answers = 0;
  const scrape = async (): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    await answer.text();
    answers += 1;
  };
  const timer = setInterval(() => void scrape().catch(() => undefined), 1000);
  return () => {
    clearInterval(timer);
    return answers;
  };
}

const BIN = fileURLToPath(new URL('../../bin/pg2any.js', import.meta.url));
const TABLES = 100;
const SCRAPES = 200;

/** CPU time of one scrape of a process that has been scraped for a while, ms; all of it: HTTP, text, garbage. */
async function scrapeMs(servers: Servers): Promise<number> {
  const work = await Workload.connect(servers.source);
  await work.manyTables(TABLES);
  const port = await freePort();
  const child = spawn(process.execPath, [BIN, 'replicate', '--env', '--http', String(port)], {
    env: {
      PATH: process.env.PATH,
      CDC_SOURCE_URL: servers.source,
      CDC_DEST_URL: servers.freshSqlite(),
      CDC_PUBLICATION: 'many',
      CDC_REPLICATION_SLOT: 'many',
    },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const ask = async (path: string) => await fetch(`http://127.0.0.1:${port}${path}`);
  const ready = async (): Promise<boolean> => (await ask('/readyz').catch(() => null))?.ok === true;
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`the process that is scraped ended (exit ${child.exitCode})`);
    await pause(100);
  }
  const cpu = async (): Promise<number> =>
    Number(/^process_cpu_seconds_total (\S+)$/m.exec(await (await ask('/metrics')).text())?.[1]);
  let start = 0;
  for (let i = -SCRAPES; i < SCRAPES; i += 1) {
    const now = await cpu();
    if (i === 0) start = now;
  }
  const spent = (await cpu()) - start;
  child.kill('SIGTERM');
  await ended;
  await work.drop('many');
  await work.close();
  return (spent / SCRAPES) * 1000;
}

const cpuOf = (one: Measured): number => (one.cpuSeconds / one.events) * 1e6;

/** The same backlog with and without somebody who scrapes each second. */
export async function endpointLines(servers: Servers, events: number, rounds: number): Promise<Line[]> {
  process.stderr.write('endpoint\n');
  const work = await Workload.connect(servers.source);
  const from = await work.reset();
  await work.mixed(events);
  const until = await work.position();
  let answers = 0;
  const run = async (scraped: boolean): Promise<Measured> => {
    await work.slot('run');
    const httpPort = scraped ? await freePort() : undefined;
    const stop = httpPort === undefined ? () => 0 : scraping(httpPort);
    const destination = await servers.freshMariadb('load');
    const job = { mode: 'replicate', source: servers.source, destination, slot: 'run', from, until } as const;
    const measured = await measure({ ...job, ...(httpPort === undefined ? {} : { httpPort }) });
    answers += stop();
    await work.drop('run');
    return measured;
  };
  const found: { plain: Measured; scraped: Measured }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${rounds}\n`);
    // Whoever comes second finds warmer caches: in turn.
    const first = await run(round % 2 === 0);
    const second = await run(round % 2 === 1);
    found.push(round % 2 === 0 ? { scraped: first, plain: second } : { plain: first, scraped: second });
  }
  await work.close();
  if (answers === 0) throw new Error('no scrape was answered: the runs were too short to tell anything');
  const middle = (of: 'plain' | 'scraped', read: (one: Measured) => number): number =>
    median(found.map((one) => read(one[of])));
  const cpu = median(found.map(({ plain, scraped }) => cpuOf(scraped) / cpuOf(plain)));
  const speed = `${(middle('scraped', perSecond) / 1000).toFixed(0)}k/s ÷ ${(middle('plain', perSecond) / 1000).toFixed(0)}k/s`;
  const each = `${middle('scraped', cpuOf).toFixed(2)} s ÷ ${middle('plain', cpuOf).toFixed(2)} s per 1M rows (${((cpu - 1) * 100).toFixed(1)} %)`;
  return [
    {
      what: 'scraped each second ÷ not scraped',
      value: median(found.map(({ plain, scraped }) => perSecond(scraped) / perSecond(plain))),
      unit: 'ratio',
      target: 0.99,
      atLeast: true,
      detail: `${speed}; CPU ${each}; ${answers} scrapes`,
    },
    {
      what: `CPU of one scrape, ${TABLES} tables`,
      value: await scrapeMs(servers),
      unit: 'ms',
      target: 10,
      atLeast: false,
      detail: '10 ms would be 1 % of a second',
    },
  ];
}
