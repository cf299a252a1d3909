import { EXIT } from '../../model/error-codes.ts';
import type { Command, Context, Entry } from '../command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

async function scriptFor(shell: (typeof SHELLS)[number], entries: readonly Entry[]): Promise<string> {
  const { completedCommands } = await import('../completion/model.ts');
  const commands = await completedCommands(entries);
  if (shell === 'bash') return (await import('../completion/bash.ts')).bashScript(commands);
  if (shell === 'zsh') return (await import('../completion/zsh.ts')).zshScript(commands);
  return (await import('../completion/fish.ts')).fishScript(commands);
}

async function run({ word, io }: Context, entries: readonly Entry[]): Promise<number> {
  const shell = SHELLS.find((one) => one === word);
  if (!shell) {
    const { Pg2anyError } = await import('../../model/error.ts');
    const hint = 'Name yours: pg2any completion bash, zsh or fish.';
    throw new Pg2anyError('CONFIG_INVALID', 'completion is written for one shell, and none is named', { hint });
  }
  io.out(await scriptFor(shell, entries));
  return EXIT.ok;
}

/** `entries`: all commands there are, this one too. */
export const completionOf = (entries: readonly Entry[]): Command => ({
  name: 'completion',
  about: ['Prints a script that completes commands, options and their values when Tab is pressed.'],
  usage: 'pg2any completion bash|zsh|fish',
  words: SHELLS,
  flags: [],
  examples: [
    { run: 'eval "$(pg2any completion bash)"', doc: 'in this bash; in every one, as a line of ~/.bashrc' },
    { run: 'eval "$(pg2any completion zsh)"', doc: 'in this zsh; in every one, as a line of ~/.zshrc after compinit' },
    { run: 'pg2any completion fish > ~/.config/fish/completions/pg2any.fish', doc: 'in every fish' },
  ],
  run: (context) => run(context, entries),
});
