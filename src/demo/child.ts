import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of `--json` output. */
export interface ChildEvent {
  readonly event?: string;
  readonly message?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const BIN = fileURLToPath(new URL('../../bin/pg2any.js', import.meta.url));
/** What is kept of a child's stderr, for when it fails. */
const STDERR_BYTES = 4000;

/** A pg2any of its own process, as a user would run it. It does not outlive us. */
export class Child {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Lines of stdout that are JSON, in order. */
  readonly events: ChildEvent[] = [];
  private readonly process: ChildProcess;
  private stderr = '';
  private wake: () => void = () => undefined;

  /** Sees each event as it comes. */
  private readonly onEvent: (event: ChildEvent) => void;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, onEvent: (event: ChildEvent) => void) {
    this.onEvent = onEvent;
    this.process = spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.pid = this.process.pid ?? 0;
    const release = guard(this.pid);
    this.ended = once(this.process, 'close').then(([code, signal]) => {
      release();
      this.wake();
      return { code, signal };
    });
    this.ended.catch(() => undefined);
    this.read();
  }

  /** The event of this name, once it has come; null if the process ended without it. */
  async event(name: string): Promise<ChildEvent | null> {
    for (;;) {
      const found = this.events.find(({ event }) => event === name);
      if (found || this.process.exitCode !== null || this.process.signalCode !== null) return found ?? null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Sends the signal, where the process still runs, and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.process.kill(signal);
    return await this.ended;
  }

  /** The last it said on stderr. */
  get complaint(): string {
    return this.stderr.trim();
  }

  private read(): void {
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_BYTES);
    });
    if (!this.process.stdout) return;
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const event = parse(line);
      if (event) {
        this.events.push(event);
        this.onEvent(event);
      }
      this.wake();
    });
  }
}

function parse(line: string): ChildEvent | null {
  try {
    return JSON.parse(line) as ChildEvent;
  } catch {
    return null;
  }
}

/** All pg2any processes of one demo, so that none is left behind. */
export class Children {
  private readonly env: NodeJS.ProcessEnv;
  private readonly onEvent: (event: ChildEvent) => void;
  private readonly running = new Set<Child>();

  constructor(env: NodeJS.ProcessEnv, onEvent: (event: ChildEvent) => void) {
    this.env = env;
    this.onEvent = onEvent;
  }

  start(args: readonly string[]): Child {
    const child = new Child(args, this.env, this.onEvent);
    this.running.add(child);
    void child.ended.then(() => this.running.delete(child));
    return child;
  }

  async endAll(signal: NodeJS.Signals): Promise<void> {
    await Promise.all([...this.running].map((child) => child.end(signal)));
  }
}

/** A shell that waits on a pipe from us: when we end by any means, kill -9 included, it ends the child. */
function guard(pid: number): () => void {
  if (process.platform === 'win32') return () => undefined;
  const script = 'read -r _ || kill -KILL "$1"';
  const shell = spawn('sh', ['-c', script, 'pg2any-guard', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return () => void shell.stdin.end('\n');
}
