import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { until } from './wait.ts';

/** A command line of this machine that tmux gives a terminal. */
export interface TmuxOptions {
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** For `describeWith`: throws where tmux is not installed. */
export async function tmuxVersion(): Promise<string> {
  return execFileSync('tmux', ['-V'], { encoding: 'utf8' }).trim();
}

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** https://man7.org/linux/man-pages/man5/proc_pid_task.5.html */
const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** A real terminal with a shell in it, on a tmux server of its own. */
export class Tmux {
  private closed = false;
  private programs: readonly number[] = [];
  private readonly socket = `pg2any-${process.pid}-${randomBytes(3).toString('hex')}`;

  constructor({ cwd, columns, rows, environment = {} }: TmuxOptions) {
    const size = ['-x', String(columns), '-y', String(rows)];
    const inherited = { PATH: process.env.PATH ?? '', HOME: cwd, LANG: 'C.UTF-8', TERM: 'xterm-256color' };
    execFileSync(
      'tmux',
      ['-L', this.socket, '-f', '/dev/null', 'new-session', '-d', ...size, '-c', cwd, 'env -u TMUX sh'],
      { env: { ...inherited, ...environment, PS1: '$ ' } },
    );
    this.tmux('set-option', '-g', 'window-size', 'manual');
    // Otherwise it waits half a second whether a lone Esc begins a longer key.
    this.tmux('set-option', '-s', 'escape-time', '0');
    this.tmux('set-option', '-g', 'remain-on-exit', 'on');
  }

  private tmux(...words: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.socket, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** What can be seen. */
  get text(): string {
    return this.tmux('capture-pane', '-p').trimEnd();
  }

  /** The same with its colours. */
  get coloured(): string {
    return this.tmux('capture-pane', '-pe').trimEnd();
  }

  /** Names as tmux knows them: `Enter`, `Escape`, `C-c`, `Up`, or letters. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.tmux('send-keys', key);
  }

  /** All at once, as from the clipboard. */
  paste(text: string): void {
    this.tmux('send-keys', '-l', text);
  }

  type(line: string): void {
    this.tmux('send-keys', '-l', line);
    this.tmux('send-keys', 'Enter');
  }

  resize(columns: number, rows: number): void {
    this.tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  async until(what: string | RegExp, timeoutMs = 30_000): Promise<string> {
    const holds = (): boolean => (typeof what === 'string' ? this.text.includes(what) : what.test(this.text));
    await until(holds, { what: `${what} on the screen`, timeoutMs }).catch((error: Error) => {
      throw new Error(`${error.message}; it shows\n${this.text}`);
    });
    return this.text;
  }

  /** Whether a program has the whole screen, shows the cursor, and reads keys one by one. */
  get modes(): { readonly alternate: boolean; readonly cursor: boolean; readonly raw: boolean } {
    const [alternate, cursor, tty = ''] = this.tmux(
      'display-message',
      '-p',
      '#{alternate_on} #{cursor_flag} #{pane_tty}',
    )
      .trim()
      .split(' ');
    const line = execFileSync('stty', ['-F', tty, '-a'], { encoding: 'utf8' });
    return { alternate: alternate === '1', cursor: cursor === '1', raw: line.includes('-icanon') };
  }

  /** The program that runs in the shell. */
  get child(): number {
    const [first] = this.running();
    if (first === undefined) throw new Error('nothing runs in the terminal');
    return first;
  }

  private running(): readonly number[] {
    const shell = Number(this.tmux('display-message', '-p', '#{pane_pid}'));
    return childrenOf(shell);
  }

  /** As a window that is closed; again does no harm. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.programs = this.running();
    this.tmux('kill-server');
  }

  /** Resolves once what ran in it has ended, too. */
  async ended(): Promise<void> {
    await until(() => !this.programs.some(isRunning), { what: 'the program to end with its terminal' });
  }
}
