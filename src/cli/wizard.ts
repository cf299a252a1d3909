import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../model/error-codes.ts';
import { type Answers, CONFIG_FILE } from '../setup/answers.ts';
import { runWizard } from '../tui/wizard/index.ts';
import type { Ports } from '../tui/wizard/ports.ts';
import type { Outcome } from '../tui/wizard/update.ts';
import { terminalOf } from './at-terminal.ts';
import type { Context } from './command.ts';
import { findDraft } from './draft-file.ts';

/** What a configuration that is there came to; null where it cannot be read. */
async function existingAnswers({ folder, environment }: Context): Promise<Answers | null> {
  const { loadConfig } = await import('../config/load.ts');
  const { answersFrom } = await import('./config-answers.ts');
  try {
    return answersFrom(loadConfig({ environment, folder }).config);
  } catch {
    return null;
  }
}

/** The ports are loaded behind the first frame: they bring the drivers with them. */
function latePorts(folder: string): Ports {
  const loaded = import('./wizard-ports.ts').then(({ wizardPorts }) => wizardPorts(folder));
  let ports: Ports | null = null;
  void loaded.then((all) => {
    ports = all;
  });
  const ask = <Q extends keyof Ports['ask']>(question: Q): Ports['ask'][Q] =>
    (async (answers: Answers, argument: string) => (await loaded).ask[question](answers, argument)) as Ports['ask'][Q];
  return {
    // Where nothing can be written the answers are only not there the next time.
    keep: (draft) => void loaded.then(({ keep }) => keep(draft)).catch(() => undefined),
    hide: (answers, text) => ports?.hide(answers, text) ?? text,
    ask: {
      source: ask('source'),
      destination: ask('destination'),
      mirror: ask('mirror'),
      tables: ask('tables'),
      names: ask('names'),
      preflight: ask('preflight'),
      fix: ask('fix'),
      plan: ask('plan'),
      sample: ask('sample'),
      review: ask('review'),
      written: ask('written'),
    },
  };
}

/** Runs a command of ours as if it had been typed. */
async function runCommand(name: string, context: Context): Promise<number> {
  const { COMMANDS } = await import('./commands.ts');
  const command = await COMMANDS.find((one) => one.name === name)?.load();
  return command ? await command.run({ ...context, flags: {} }) : EXIT.usage;
}

async function after(outcome: Outcome, context: Context): Promise<number> {
  if (outcome.end === 'chosen') return await runCommand(COMMAND[outcome.choice], context);
  if (outcome.end === 'written' && outcome.run) return await runCommand('replicate', context);
  if (outcome.end === 'left') {
    if (findDraft(context.folder))
      context.io.err('Your answers are kept, but for passwords: pg2any goes on with them.');
    return 130;
  }
  context.io.err('pg2any replicate starts it; pg2any check looks again at both servers.');
  return EXIT.ok;
}

const COMMAND = { start: 'replicate', check: 'check', verify: 'verify', teardown: 'teardown' } as const;

/** The wizard in this folder, and what it leads to. Resolves with the exit code. */
export async function wizard(context: Context): Promise<number> {
  const { folder, environment } = context;
  const configured = existsSync(join(folder, CONFIG_FILE));
  const existing = configured ? await existingAnswers(context) : null;
  const draft = findDraft(folder);
  const ports = latePorts(folder);
  return await after(
    await runWizard({ terminal: terminalOf(environment), ports, draft, existing, configured }),
    context,
  );
}
