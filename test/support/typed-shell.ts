import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './wait.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

const START: Readonly<Record<Shell, string>> = {
  bash: 'bash --norc --noprofile -i',
  zsh: 'zsh -f -i',
  fish: 'fish --no-config -i',
};

/** Wide enough for a line that never wraps. */
const PREPARE: Readonly<Record<Shell, string>> = {
  bash: 'stty cols 300',
  zsh: 'stty cols 300; autoload -Uz compinit; compinit -D',
  fish: 'stty cols 300',
};

/** Whether this machine has it, with `script` of util-linux, which gives it a terminal. */
export const isThere = (shell: Shell): boolean => runs(shell, ['-c', 'exit 0']) && canType();

/** Whether programs can be given a terminal here. */
export const canType = (): boolean => runs('script', ['-qec', 'exit 0', '/dev/null']);

function runs(program: string, words: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** An interactive shell on a terminal, into which keys are typed. What a line came to is read from a file. */
export class TypedShell {
  private readonly child: ChildProcess;
  private readonly folder: string;
  private output = '';
  private lines = 0;

  private constructor(shell: Shell, folder: string) {
    this.folder = folder;
    this.child = spawn('script', ['-qec', START[shell], '/dev/null'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, TERM: 'vt100', SHELL: '/bin/sh', HISTFILE: '/dev/null' },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
    });
  }

  /** With these lines run in it. */
  static async start(shell: Shell, folder: string, setup: readonly string[]): Promise<TypedShell> {
    const typed = new TypedShell(shell, folder);
    await until(() => typed.output.length > 0, { what: `a prompt of ${shell}` });
    for (const line of [PREPARE[shell], ...setup]) typed.child.stdin?.write(`${line}\r`);
    await typed.words('ready');
    return typed;
  }

  /** Types the keys as a command line, and returns the words that it came to. */
  async words(keys: string): Promise<string[]> {
    const file = join(this.folder, `.words-${++this.lines}`);
    // Ctrl-A goes to the beginning of the line, Ctrl-E to its end.
    this.child.stdin?.write(`${keys}\x01printf '%s\\n' \x05 > ${file}.new; mv ${file}.new ${file}\r`);
    await until(() => existsSync(file), { what: `a line after ${JSON.stringify(this.output.slice(-500))}` });
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}
