import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf } from './server-folder.ts';
import type { ServerUser } from './server-user.ts';

export interface ServerSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** Made by makeServerFolder; the log goes there. */
  readonly folder: string;
  readonly user: ServerUser | null;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the server takes connections; asked again and again. */
  readonly ready: () => boolean | Promise<boolean>;
  readonly timeoutMs?: number;
}

/** A server process that cannot outlive its owner. */
export interface ServerProcess {
  readonly pid: number;
  readonly running: boolean;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export async function startServer(spec: ServerSpec): Promise<ServerProcess> {
  const child = launch(spec);
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot run ${spec.command}`);
  writeFileSync(join(spec.folder, 'pid'), String(pid));
  const release = guard(pid, spec.folder);
  void ended.then(release);
  const running = () => child.exitCode === null && child.signalCode === null;
  const server: ServerProcess = {
    pid,
    get running() {
      return running();
    },
    async end(signal) {
      child.ref();
      // Children notice the death of a killed server only after a while, and hold its memory and files until then.
      const children = signal === 'SIGKILL' && running() ? childrenOf(pid) : [];
      if (running()) child.kill(signal);
      for (const orphan of children) killQuietly(orphan);
      await ended;
    },
  };
  await untilReady(spec, server);
  return server;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}

/** Detached: Ctrl-C in a terminal reaches the whole group, and a drain still needs the server. */
function launch(spec: ServerSpec): ChildProcess {
  const log = openSync(join(spec.folder, 'log'), 'a');
  const account = spec.user ? { uid: spec.user.uid, gid: spec.user.gid } : {};
  const child = spawn(spec.command, spec.args, {
    ...account,
    cwd: spec.folder,
    env: { ...process.env, ...spec.env },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  return child;
}

const GUARD = `
read -r _ && exit
kill -QUIT "$1"
for _ in $(seq 200); do
  kill -0 "$1" || break
  grep -q '^State:.Z' "/proc/$1/status" && break
  sleep 0.1
done
kill -KILL "$1"
rm -rf "$2"
`;

/**
 * A shell that waits on a pipe from us. When we end by any means, kill -9 included, the pipe closes and the shell
 * ends the server and removes its folder. A line through the pipe lets it go.
 */
function guard(pid: number, folder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const shell = spawn('sh', ['-c', GUARD, 'pg2any-guard', String(pid), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  shell.on('error', () => undefined);
  const pipe = shell.stdin;
  pipe?.on('error', () => undefined);
  if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  return () => void pipe?.end('\n');
}

async function untilReady(spec: ServerSpec, server: ServerProcess): Promise<void> {
  const deadline = Date.now() + (spec.timeoutMs ?? 60_000);
  while (!(await spec.ready())) {
    const late = Date.now() > deadline;
    if (late) await server.end('SIGKILL');
    if (late || !server.running) {
      throw new Error(`${spec.command} did not start: ${logTail(spec.folder)}`);
    }
    await pause(20);
  }
}

export function logTail(folder: string): string {
  return readFileSync(join(folder, 'log'), 'utf8').trim().slice(-1500);
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
