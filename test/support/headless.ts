import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { built } from './program.ts';
import { until } from './wait.ts';

export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** A `pg2any replicate` in a process of its own, looked at as monitoring does. */
export interface Headless {
  readonly child: ChildProcess;
  /** What it has logged. */
  readonly log: readonly LogLine[];
  /** Log lines of this name from `since` on. */
  lines(event: string, since?: number): readonly LogLine[];
  get(path: string): Promise<{ code: number; body: Record<string, unknown> }>;
  /** Value of one series, as `name{label="value"}`; null where there is no line. */
  metric(series: string): Promise<number | null>;
  /** Waits until the probe answers with this code. */
  becomes(path: string, code: number): Promise<Record<string, unknown>>;
  /** Resolves with code and signal. */
  end(signal: NodeJS.Signals): Promise<readonly [number | null, NodeJS.Signals | null]>;
}

/** `env` holds all of its configuration; the rest of the environment is kept from it. */
export async function headless(env: Readonly<Record<string, string>>): Promise<Headless> {
  const child = spawn(process.execPath, [await built(), 'replicate', '--env', '--http', '0', '--log-format', 'json'], {
    cwd: '/',
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: LogLine[] = [];
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log.push(JSON.parse(line));
  });
  const lines: Headless['lines'] = (event, since = 0) => log.slice(since).filter((line) => line.event === event);
  const port = async () => (await until(() => lines('http.listening')[0], { what: 'the endpoint' })).port;
  const url = `http://127.0.0.1:${await port()}`;
  const get: Headless['get'] = async (path) => {
    const answer = await fetch(`${url}${path}`);
    return { code: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return {
    child,
    log,
    lines,
    get,
    async metric(series) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${series} `));
      return line === undefined ? null : Number(line.slice(series.length));
    },
    async becomes(path, code) {
      let last: Awaited<ReturnType<typeof get>> | null = null;
      const ask = async () => {
        if (child.exitCode !== null) return true;
        last = await get(path);
        return last.code === code;
      };
      await until(ask, { timeoutMs: 30_000, what: `${code} from ${path}` }).catch(() => undefined);
      const found = last as Awaited<ReturnType<typeof get>> | null;
      if (found?.code === code) return found.body;
      const tail = JSON.stringify(log.slice(-3));
      throw new Error(`${path} answers ${JSON.stringify(found)}, exit code ${child.exitCode}, the log ends ${tail}`);
    },
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode];
      const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
      child.kill(signal);
      return await closed;
    },
  };
}
