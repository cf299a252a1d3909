import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Line, median } from './ratio.ts';
import type { Servers } from './servers.ts';
import { atTerminal, hasTerminals } from './terminal.ts';
import { watchingLines } from './watching.ts';
import { Workload } from './workload.ts';

/** `after 4.2 s`, as the product says when it stops. */
const TOOK = /after ([\d.]+) s/;
/** Figures of a tenth of a second need more of them. */
const MORE_ROUNDS = 2;

/** Catches up on a terminal of its own, and gives the seconds that it says it took. */
async function catchUp(folder: string, more: readonly string[]): Promise<number> {
  const child = atTerminal(folder, ['--until', 'now', ...more]);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-20_000);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const took = TOOK.exec(said)?.[1];
  if (code !== 0 || took === undefined)
    throw new Error(`a run at a terminal failed (exit ${code}): ${said.slice(-500)}`);
  return Number(took);
}

/** The same backlog with the live view and with plain lines: what looking at it costs the data path. */
export async function viewLines(servers: Servers, events: number, rounds: number): Promise<Line[]> {
  if (!hasTerminals()) {
    process.stderr.write('live view: skipped, because there is no `script` of util-linux to give it a terminal\n');
    return [];
  }
  process.stderr.write('live view\n');
  const work = await Workload.connect(servers.source);
  await work.reset();
  await work.mixed(events);
  const run = async (more: readonly string[]): Promise<number> => {
    await work.slot('run');
    const config = {
      source: { url: servers.source },
      destination: { url: await servers.freshMariadb('load') },
      slot: 'run',
      publication: 'bench',
      snapshot: 'never',
    };
    writeFileSync(join(servers.folder, 'pg2any.yaml'), JSON.stringify(config));
    const seconds = await catchUp(servers.folder, more);
    await work.drop('run');
    return seconds;
  };
  const found: { view: number; plain: number }[] = [];
  for (let round = 0; round < rounds + MORE_ROUNDS; round += 1) {
    process.stderr.write(`  round ${round + 1} of ${rounds + MORE_ROUNDS}\n`);
    // In turn, so that neither has the later and warmer place.
    const view = round % 2 === 1 ? await run([]) : null;
    const plain = await run(['--no-tui']);
    found.push({ plain, view: view ?? (await run([])) });
  }
  await work.close();
  const seconds = (of: 'view' | 'plain'): string => `${median(found.map((one) => one[of])).toFixed(2)} s`;
  return [
    {
      what: 'plain lines ÷ live view',
      value: median(found.map(({ plain, view }) => plain / view)),
      unit: 'ratio',
      target: 0.95,
      atLeast: true,
      detail: `${seconds('plain')} ÷ ${seconds('view')}`,
    },
    ...(await watchingLines(servers)),
  ];
}
