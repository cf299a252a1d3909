import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, Measured } from './child.ts';
import type { Alone } from './kafka-alone.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Runs one job in its own process; its messages go to stderr. */
export async function measure(job: Job | Alone, nodeFlags: readonly string[] = []): Promise<Measured> {
  const file = script(job.mode === 'kafka' ? './kafka-alone.ts' : './child.ts');
  const child = spawn(process.execPath, [...nodeFlags, '--import', 'tsx', file, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const last = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !last.startsWith('{')) throw new Error(`a ${job.mode} run failed (exit ${code})`);
  return JSON.parse(last) as Measured;
}

export const perSecond = (measured: Measured): number => measured.events / measured.seconds;
