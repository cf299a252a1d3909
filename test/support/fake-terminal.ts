import './hide-ci.ts';
import 'ink';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/tui/screen.ts';
import { FakeScreen } from './fake-screen.ts';
import { hidden } from './hide-ci.ts';

for (const [name, value] of hidden) process.env[name] = value;

const PATIENCE_MS = 10_000;

/** Names of keys as a terminal sends them. */
const KEYS: Readonly<Record<string, string>> = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  home: '\x1b[H',
  end: '\x1b[F',
  enter: '\r',
  esc: '\x1b',
  tab: '\t',
  space: ' ',
  backspace: '\x7f',
  'ctrl-c': '\x03',
};

class FakeStdin extends PassThrough {
  readonly isTTY = true;
  rawMode = false;

  setRawMode(on: boolean): this {
    this.rawMode = on;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

class FakeStdout extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly screen: FakeScreen;

  constructor(screen: FakeScreen) {
    super();
    this.screen = screen;
  }

  get columns(): number {
    return this.screen.columns;
  }

  get rows(): number {
    return this.screen.rows;
  }

  write(text: string, done?: () => void): boolean {
    this.screen.write(text);
    this.emit('frame');
    done?.();
    return true;
  }
}

/** A terminal that can be looked at, typed into and resized. */
export class FakeTerminal {
  readonly screen: FakeScreen;
  private readonly input = new FakeStdin();
  private readonly output: FakeStdout;
  private readonly errors: FakeStdout;
  private readonly environment: Terminal['environment'];

  constructor(columns = 80, rows = 24, environment: Terminal['environment'] = { NO_COLOR: '1', LANG: 'C.UTF-8' }) {
    this.screen = new FakeScreen(columns, rows, !!environment.TMUX || !environment.XTERM_VERSION);
    this.output = new FakeStdout(this.screen);
    this.errors = new FakeStdout(this.screen);
    this.environment = environment;
  }

  /** To be handed to what is tested. */
  get terminal(): Terminal {
    const stdout = this.output as unknown as NodeJS.WriteStream;
    const stderr = this.errors as unknown as NodeJS.WriteStream;
    return { stdin: this.input as unknown as NodeJS.ReadStream, stdout, stderr, environment: this.environment };
  }

  get text(): string {
    return this.screen.text;
  }

  get rawMode(): boolean {
    return this.input.rawMode;
  }

  /** Names of keys, or text to type. */
  press(...keys: readonly string[]): void {
    for (const key of keys) this.input.write(KEYS[key] ?? key);
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.output.emit('resize');
  }

  /** Resolves with the screen once it shows this. */
  until(what: string | RegExp | ((text: string) => boolean)): Promise<string> {
    const holds = (): boolean => {
      if (typeof what === 'string') return this.text.includes(what);
      return what instanceof RegExp ? what.test(this.text) : what(this.text);
    };
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.output.off('frame', look);
        reject(new Error(`the screen never showed ${what}; it shows\n${this.text}`));
      }, PATIENCE_MS);
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(late);
        this.output.off('frame', look);
        resolve(this.text);
      };
      this.output.on('frame', look);
      look();
    });
  }

  gone(text: string): Promise<string> {
    return this.until((shown) => !shown.includes(text));
  }
}
