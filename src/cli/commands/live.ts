import type { Attached } from '../../attach/attach.ts';
import type { SourceConfig } from '../../config/config.ts';
import { type Code, EXIT } from '../../model/error-codes.ts';
import type { Status } from '../../status/status.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG, textFlag } from '../command.ts';
import type { Ending } from '../watch-lines.ts';

/** Without any configuration: whatever runs here. */
async function isConfigured({ flags, environment, folder }: Context): Promise<boolean> {
  const { chooseFiles } = await import('../../config/load.ts');
  const config = textFlag(flags, 'config');
  const named = flags.env !== undefined || chooseFiles({ config, environment, folder }).config !== null;
  return named || Object.entries(environment).some(([name, value]) => name.startsWith('CDC_SOURCE_') && value);
}

interface Found {
  readonly attached: Attached;
  readonly config: SourceConfig | null;
}

async function findProcess(context: Context): Promise<Found> {
  const { attach, attachAny } = await import('../../attach/attach.ts');
  const { environment, flags } = context;
  if (!(await isConfigured(context)))
    return { attached: await attachAny(textFlag(flags, 'slot') ?? null, environment), config: null };
  const { openConfig } = await import('../open.ts');
  const { config } = openConfig(context, 'source');
  return { attached: await attach(config, environment), config };
}

/** Full screen at a terminal, lines everywhere else. */
async function watch({ attached, config }: Found, context: Context, signal: AbortSignal): Promise<Ending> {
  const { wantsScreen } = await import('../at-terminal.ts');
  // With --env a pipeline runs without a screen; whoever attaches sits in front of one.
  const screen = wantsScreen({ ...context, flags: { ...context.flags, env: undefined } });
  if (!screen) return await (await import('../watch-lines.ts')).watchLines(attached, context, signal);
  return await (await import('../watch-screen.ts')).watchScreen(attached, config, context, signal);
}

/** Throws what the process failed with, or that it is gone. */
async function exitCodeOf(ended: Status | null, pid: number): Promise<number> {
  if (ended?.phase === 'stopped') return EXIT.ok;
  const { Pg2anyError } = await import('../../model/error.ts');
  const { ERROR_CODES } = await import('../../model/error-codes.ts');
  const failure = ended?.lastError;
  if (failure && failure.code in ERROR_CODES)
    throw new Pg2anyError(failure.code as Code, failure.message, { hint: failure.hint });
  throw new Pg2anyError('NOT_ATTACHED', `the pg2any with pid ${pid} is gone, without an orderly end`, {
    hint: 'Look at its output; pg2any status shows how far it came. Start it again with pg2any replicate.',
  });
}

async function run(context: Context): Promise<number> {
  const found = await findProcess(context);
  const { attached } = found;
  const { stopOnSignals } = await import('../signals.ts');
  const stopper = stopOnSignals(() => undefined);
  try {
    const ended = await watch(found, context, stopper.signal);
    if (ended === 'detached') return stopper.exitCode();
    return await exitCodeOf(ended, attached.pid);
  } finally {
    attached.close();
    stopper.dispose();
  }
}

export const live: Command = {
  name: 'live',
  about: [
    'Attaches to a pg2any replicate that runs on this machine, of the same user, and shows what happens in it. Leaving it, with q or Ctrl-C, does not stop the process.',
    'Without any configuration it takes the one pipeline that runs here.',
  ],
  usage: 'pg2any live [--env [FILE] | --config FILE]  [--slot NAME] [--json] [--no-tui]',
  flags: [
    ...CONFIG_FLAGS,
    { name: 'tui', negated: true, doc: 'Plain lines also at a terminal, instead of the live view' },
    JSON_FLAG,
  ],
  examples: [
    { run: 'pg2any live', doc: 'whatever runs here' },
    { run: 'pg2any live --config shop.yaml', doc: 'the process of this configuration' },
    { run: 'pg2any live --slot pg2any_shop --json', doc: 'events and a status each 10 s, for programs' },
  ],
  run,
};
