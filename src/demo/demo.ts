import pg from 'pg';
import { type Child, Children } from './child.ts';
import { loadThroughCrash, REPLICATE, type Stage, startReplicator } from './crash.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { Failure } from './failure.ts';
import { type DemoIo, grouped, Narrator } from './narrator.ts';
import { chooseReplica, environmentFor, type Replica } from './replica.ts';
import { createShop } from './shop.ts';
import { lastLine, tellNext, tellTables, type Verdict } from './summary.ts';

export type { DemoIo } from './narrator.ts';

export interface DemoOptions {
  /** URL of a real server, null for a SQLite file in `./demo`. */
  readonly destination: string | null;
  /** Length of the live load. */
  readonly seconds: number;
  /** Row changes a second. */
  readonly rate: number;
  readonly seed?: number;
  /** How to call pg2any in the commands that are suggested. */
  readonly command?: string;
}

export const DEMO_DEFAULTS = { seconds: 10, rate: 1000 } as const;

const DIFFERENT = 3;
const INTERRUPTED = 130;

/**
 * Shows in half a minute what pg2any does, on a PostgreSQL of its own: copy, live changes, a crash, and a comparison
 * of every row. Gives the exit code; leaves nothing behind but the copy.
 */
export async function runDemo(options: DemoOptions, io: DemoIo): Promise<number> {
  const narrator = new Narrator(io);
  try {
    return await play(options, io, narrator);
  } catch (error) {
    if (io.signal.aborted) {
      narrator.step('bullet', 'interrupted; servers and processes of the demo have ended');
      return INTERRUPTED;
    }
    const message = error instanceof Error ? error.message : String(error);
    for (const [i, line] of message.split('\n').entries()) {
      if (i === 0) narrator.step('error', line);
      else narrator.line(`    ${line}`);
    }
    return error instanceof Failure ? error.exitCode : 1;
  }
}

async function play(options: DemoOptions, io: DemoIo, narrator: Narrator): Promise<number> {
  const replica = chooseReplica(options.destination);
  narrator.heading(`pg2any demo: PostgreSQL ${io.style.symbols.arrow} ${replica.name}, with a crash in the middle`);
  narrator.line();
  const server = await startEmbeddedPostgres();
  try {
    io.signal.throwIfAborted();
    narrator.step('ok', `PostgreSQL ${server.version} started on port ${server.port}, for this demo only`);
    return await perform(options, { server, replica, narrator, signal: io.signal });
  } finally {
    await server.stop('fast');
  }
}

interface Scene {
  readonly server: EmbeddedPostgres;
  readonly replica: Replica;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

async function perform(options: DemoOptions, scene: Scene): Promise<number> {
  const { server, replica, narrator, signal } = scene;
  await seed(server.url, narrator);
  // What goes wrong and is tried again would otherwise look like a demo that hangs.
  const children = new Children(environmentFor(server.url, replica), ({ event, message }) => {
    if (event?.endsWith('retry')) narrator.note(message ?? '');
  });
  const stage: Stage = { sourceUrl: server.url, children, narrator, signal };
  const stop = (): void => void children.endAll('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const verdict = await act(options, stage);
    tellTables(narrator, verdict);
    tellNext(narrator, replica, options.command ?? 'npx pg2any');
    narrator.line(lastLine(verdict));
    return verdict.differences === 0 ? 0 : DIFFERENT;
  } finally {
    signal.removeEventListener('abort', stop);
    await children.endAll('SIGKILL');
  }
}

/** From the first copied row to the comparison; the slot and the checkpoint are removed in any case. */
async function act(options: DemoOptions, stage: Stage): Promise<Verdict> {
  try {
    await replicate(options, stage);
    const verdict = await verify(stage);
    const mark = verdict.differences === 0 ? 'ok' : 'error';
    stage.narrator.step(mark, 'source and copy compared, every row, value by value');
    return verdict;
  } finally {
    await stage.children.endAll('SIGTERM');
    await stage.children.start(['teardown', '--env', '--yes']).ended;
  }
}

async function seed(url: string, narrator: Narrator): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await createShop(client);
    const { rows } = await client.query<{ rows: number }>(
      "SELECT sum(reltuples)::int AS rows FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    narrator.step('ok', `a shop with ${grouped(rows[0]?.rows ?? 0)} rows in 8 tables`);
    narrator.note('20 types, monthly partitions, 16 kB documents, a table without a key');
  } finally {
    await client.end();
  }
}

async function replicate(options: DemoOptions, stage: Stage): Promise<void> {
  const { narrator, signal } = stage;
  const child = await startReplicator(stage);
  const copied = child.events.filter(({ event }) => event === 'copy.finished');
  const rows = copied.reduce((sum, { data }) => sum + Number(data?.rows ?? 0), 0);
  narrator.step('ok', `initial copy: ${grouped(rows)} rows in ${copied.length} tables, pg2any has pid ${child.pid}`);
  const { rate, seconds, seed: number = 1 } = options;
  narrator.note(`live load: ${grouped(rate)} rows/s for ${seconds} s, 60 % inserts, 30 % updates, 10 % deletes`);
  const { result, child: last } = await loadThroughCrash(stage, child, { rate, seconds, seed: number });
  signal.throwIfAborted();
  const { insert, update, delete: deleted } = result.changes;
  narrator.step('ok', `${grouped(result.rows)} rows changed in ${grouped(result.transactions)} transactions`);
  narrator.note(`${grouped(insert)} inserts, ${grouped(update)} updates, ${grouped(deleted)} deletes`);
  await drain(stage, last);
}

/** Stops the replicator as a user would, then replicates what is left until now. */
async function drain(stage: Stage, running: Child): Promise<void> {
  const stopped = await running.end('SIGTERM');
  if (stopped.code !== 0) throw new Failure('the replicator did not stop cleanly', stopped, running);
  await run(stage, [...REPLICATE, '--until', 'now'], 'the drain failed');
  stage.narrator.step('ok', 'drained: the copy holds everything the source has');
}

async function verify(stage: Stage): Promise<Verdict> {
  const child = await run(stage, ['verify', '--env', '--json'], 'verify failed', [0, DIFFERENT]);
  const verdict = child.events.find((event): event is Verdict & typeof event => 'differences' in event);
  if (!verdict) throw new Failure('verify printed no result', await child.ended, child);
  return verdict;
}

/** Runs a pg2any to its end. */
async function run(stage: Stage, args: readonly string[], failure: string, codes = [0]): Promise<Child> {
  const child = stage.children.start(args);
  const ended = await child.ended;
  stage.signal.throwIfAborted();
  if (ended.code === null || !codes.includes(ended.code)) throw new Failure(failure, ended, child);
  return child;
}
