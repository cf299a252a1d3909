import type { Attached } from '../../attach/attach.ts';
import { type Code, EXIT } from '../../model/error-codes.ts';
import type { Status } from '../../status/status.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG, textFlag } from '../command.ts';

/** Without any configuration: whatever runs here. */
async function isConfigured({ flags, environment, folder }: Context): Promise<boolean> {
  const { chooseFiles } = await import('../../config/load.ts');
  const config = textFlag(flags, 'config');
  const named = flags.env !== undefined || chooseFiles({ config, environment, folder }).config !== null;
  return named || Object.entries(environment).some(([name, value]) => name.startsWith('CDC_SOURCE_') && value);
}

async function findProcess(context: Context): Promise<Attached> {
  const { attach, attachAny } = await import('../../attach/attach.ts');
  const { environment, flags } = context;
  if (!(await isConfigured(context))) return await attachAny(textFlag(flags, 'slot') ?? null, environment);
  const { openConfig } = await import('../open.ts');
  return await attach(openConfig(context, 'source').config, environment);
}

/** Throws what the process failed with, or that it is gone. */
async function exitCodeOf(ended: Status | null, pid: number): Promise<number> {
  if (ended?.phase === 'stopped') return EXIT.ok;
  const { Pg2anyError } = await import('../../model/error.ts');
  const { ERROR_CODES } = await import('../../model/error-codes.ts');
  const failure = ended?.lastError;
  if (failure && failure.code in ERROR_CODES) throw new Pg2anyError(failure.code as Code, failure.message);
  throw new Pg2anyError('NOT_ATTACHED', `the pg2any with pid ${pid} is gone, without an orderly end`, {
    hint: 'Look at its output; pg2any status shows how far it came. Start it again with pg2any replicate.',
  });
}

async function run(context: Context): Promise<number> {
  const attached = await findProcess(context);
  const { watchLines } = await import('../watch-lines.ts');
  const { stopOnSignals } = await import('../signals.ts');
  const stopper = stopOnSignals(() => undefined);
  try {
    const ended = await watchLines(attached, context, stopper.signal);
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
  usage: 'pg2any live [--env [FILE] | --config FILE]  [--slot NAME] [--json]',
  flags: [...CONFIG_FLAGS, JSON_FLAG],
  examples: [
    { run: 'pg2any live', doc: 'whatever runs here' },
    { run: 'pg2any live --config shop.yaml', doc: 'the process of this configuration' },
    { run: 'pg2any live --slot pg2any_shop --json', doc: 'events and a status each 10 s, for programs' },
  ],
  run,
};
