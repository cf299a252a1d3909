import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attach } from '../../src/attach/attach.ts';
import { listen } from '../../src/attach/listener.ts';
import { environment, folder, listening, look, open, PIPELINE } from './fixture.ts';

const LISTENS = `
const { listen } = await import('./src/attach/listener.ts');
const { Counters } = await import('./src/status/counters.ts');
const { sample } = await import('./src/status/sampler.ts');
const counters = new Counters(1);
counters.phase = process.env.PHASE;
const look = (before) => sample(counters, before, Date.now());
await listen({ look, stop: () => process.exit(0) }, ${JSON.stringify(PIPELINE)}, { environment: process.env, hide: (text) => text });
setInterval(() => {}, 1000);
console.log('listening');
`;

function another(phase: string) {
  const cwd = new URL('../../', import.meta.url);
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', LISTENS], {
    cwd,
    env: { ...process.env, ...environment(), PHASE: phase },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, ready: once(child.stdout, 'data'), exited: once(child, 'exit') };
}

test('what a killed process leaves behind is no process, and is removed by the next one of any pipeline', async () => {
  const { child, ready, exited } = another('streaming');
  await ready;
  const [left = ''] = readdirSync(folder());
  child.kill('SIGKILL');
  await exited;
  expect(existsSync(join(folder(), left))).toBe(true);
  await expect(attach(PIPELINE, environment())).rejects.toMatchObject({ code: 'NOT_ATTACHED' });
  const options = { environment: environment(), hide: (text: string) => text };
  open.push(await listen({ look, stop: () => undefined }, { ...PIPELINE, slot: 'other' }, options));
  expect(existsSync(join(folder(), left))).toBe(false);
});

test('of two processes the one that works is found, not the one that waits for its slot', async () => {
  const { child, ready, exited } = another('retrying');
  await ready;
  await listening();
  const attached = await attach(PIPELINE, environment());
  expect(attached.pid).toBe(process.pid);
  attached.close();
  for (const listener of open.splice(0)) await listener.end(null);
  const waiting = await attach(PIPELINE, environment());
  expect(waiting.pid).toBe(child.pid);
  await waiting.request('stop').catch(() => undefined);
  await exited;
});
