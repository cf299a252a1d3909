import type { Config } from '../../config/config.ts';
import { EXIT } from '../../model/error-codes.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG } from '../command.ts';
import type { Io } from '../io.ts';
import { printError } from '../print-error.ts';
import type { Remains } from '../remains.ts';

/** What there is to remove, one line each. */
function describe(config: Config, found: Remains): string[] {
  const { slot, publication, checkpoint } = found;
  return [
    ...(slot ? [`replication slot ${config.slot}`] : []),
    ...(publication === 'ours' ? [`publication ${config.publication}`] : []),
    ...(checkpoint ? [`checkpoint of ${config.slot} in ${places(config)}`] : []),
  ];
}

const places = ({ destination: { display, mirror } }: Config): string =>
  mirror ? `${display} and ${mirror.display}` : display;

/** What was replicated is not ours to remove. */
function remaining({ destination: { kafka, mirror } }: Config): string {
  const what = kafka ? 'topics' : mirror ? 'tables and topics' : 'tables';
  const events = kafka || mirror ? '; in topics their rows come again as events' : '';
  return `The copied ${what} stay; replicating again copies them anew${events}.`;
}

async function confirmed(context: Context, config: Config, things: readonly string[]): Promise<boolean> {
  const { io } = context;
  io.err('This removes:');
  for (const thing of things) io.err(`  ${io.style.err.symbols.bullet} ${thing}`);
  io.err(`The changes that the slot keeps are gone then. ${remaining(config)}`);
  if (context.flags.yes === true) return true;
  if (!io.interactive) {
    const { Pg2anyError } = await import('../../model/error.ts');
    throw new Pg2anyError(
      'CONFIG_INVALID',
      'teardown asks before it removes anything, and there is no terminal to ask on',
      { hint: 'Add --yes to go ahead without a question.' },
    );
  }
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader
    .question(`Remove ${things.length === 1 ? 'it' : 'them'}? [y/N] `)
    .finally(() => reader.close());
  return /^y(es)?$/i.test(answer.trim());
}

function report(io: Io, json: boolean, removed: readonly string[], kept: readonly string[]): void {
  if (json) {
    io.out(JSON.stringify({ removed, kept }));
    return;
  }
  const style = io.style.out;
  for (const thing of removed) io.out(`${style.ok(style.symbols.ok)} removed ${thing}`);
  for (const thing of kept) io.out(`${style.symbols.bullet} kept ${thing}`);
}

/** Throws while somebody streams: what is removed under a running process it would only miss. */
async function assertFree(config: Config, { slot }: Remains, { environment }: Context): Promise<void> {
  if (!slot?.active) return;
  const { attach } = await import('../../attach/attach.ts');
  const { Pg2anyError } = await import('../../model/error.ts');
  const here = await attach(config, environment).catch(() => null);
  here?.close();
  const where = here ? `by the pg2any with pid ${here.pid} on this machine` : 'by a process elsewhere';
  throw new Pg2anyError('SLOT_IN_USE', `replication slot ${config.slot} is in use ${where}`, {
    hint: `Stop it first${here ? `, with kill ${here.pid}` : ''}; then run teardown again.`,
  });
}

async function run(context: Context): Promise<number> {
  const { openConfig } = await import('../open.ts');
  const { config } = openConfig(context);
  const { openRemains } = await import('../remains.ts');
  const { io, flags } = context;
  const remains = await openRemains(config);
  try {
    const found = await remains.look();
    const kept =
      found.publication === 'foreign' ? [`publication ${config.publication}, which pg2any did not create`] : [];
    await assertFree(config, found, context);
    const things = describe(config, found);
    if (things.length === 0) io.err('There is nothing to remove.');
    else if (!(await confirmed(context, config, things))) {
      io.err('Nothing was removed.');
      return EXIT.failure;
    }
    await remains.remove(found);
    report(io, flags.json === true, things, kept);
    return found.unreachable === null ? EXIT.ok : printError(found.unreachable, io);
  } finally {
    await remains.close();
  }
}

export const teardown: Command = {
  name: 'teardown',
  about: [
    'Drops the replication slot, the publication if pg2any made it, and the checkpoint at the destination. A slot that is left behind keeps WAL at the source until the disk is full.',
  ],
  usage: 'pg2any teardown --env [FILE] | --config FILE  [--yes] [--json]',
  flags: [...CONFIG_FLAGS, { name: 'yes', doc: 'Do not ask' }, JSON_FLAG],
  examples: [
    { run: 'pg2any teardown --env', doc: 'ask, then remove' },
    { run: 'pg2any teardown --config pg2any.yaml --yes', doc: 'in a script' },
  ],
  run,
};
