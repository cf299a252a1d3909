import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');
const MARK = join(DIST, '.built');
const LOCK = join(ROOT, 'node_modules/.pg2any-build');

/** bin/pg2any.js, which runs what `built` compiled. */
export const BIN = join(ROOT, 'bin/pg2any.js');

function newest(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return Math.max(
    ...entries.filter((one) => one.isFile()).map((one) => statSync(join(one.parentPath, one.name)).mtimeMs),
  );
}

const isCurrent = (): boolean => existsSync(MARK) && statSync(MARK).mtimeMs >= newest(join(ROOT, 'src'));

function compile(): Promise<void> {
  const started = new Date();
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [tsc, '-p', join(ROOT, 'tsconfig.build.json')], (error, stdout) => {
      if (error && !existsSync(join(DIST, 'cli/main.js')))
        return reject(new Error(`the program does not compile:\n${stdout}`));
      if (error) console.warn(`compiled with errors:\n${stdout}`);
      writeFileSync(MARK, '');
      utimesSync(MARK, started, started);
      resolve();
    });
  });
}

/** Makes `dist/` hold today's sources. Any number of test processes may ask at once; one compiles. */
export async function built(): Promise<string> {
  const deadline = Date.now() + 60_000;
  while (!isCurrent()) {
    try {
      mkdirSync(LOCK);
    } catch {
      if (Date.now() > deadline) rmdirSync(LOCK);
      await sleep(50);
      continue;
    }
    try {
      await compile();
    } finally {
      rmdirSync(LOCK);
    }
  }
  return BIN;
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Written to stdin, which is then closed. */
  readonly input?: string;
  readonly onStart?: (child: ChildProcess) => void;
  readonly onLine?: (line: string, child: ChildProcess) => void;
}

/** Runs pg2any to its end, with no configuration but what is given. */
export async function pg2any(words: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CDC_|CI$|NO_COLOR|FORCE_COLOR|COLUMNS)/.test(name),
  );
  const child = spawn(process.execPath, [await built(), ...words], {
    cwd: options.cwd ?? '/',
    env: { ...Object.fromEntries(inherited), ...options.env },
  });
  options.onStart?.(child);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      for (const line of chunk.split('\n')) options.onLine?.(line, child);
    });
  }
  child.stdin.end(options.input ?? '');
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...text }));
  });
}
