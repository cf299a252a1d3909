import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a TypeScript program of this repository in a process of its own, until it ends or the deadline kills it. */
export function runNode(
  program: readonly string[],
  options: { flags?: readonly string[]; env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...(options.flags ?? []), ...program], {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 60_000,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
