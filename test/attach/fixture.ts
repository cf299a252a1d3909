import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { attach } from '../../src/attach/attach.ts';
import { type Attachable, type Listener, listen } from '../../src/attach/listener.ts';
import type { LogEvent } from '../../src/model/event.ts';
import { Counters } from '../../src/status/counters.ts';
import { sample } from '../../src/status/sampler.ts';
import type { Status } from '../../src/status/status.ts';

export const PIPELINE = { slot: 'shop', source: { host: 'localhost', port: 5432, database: 'shop' } };

export let runtime: string;
export let counters: Counters;
export let looks: number;
export let open: Listener[];

beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'pg2any-attach-'));
  counters = new Counters(1000);
  counters.phase = 'streaming';
  looks = 0;
  open = [];
});

afterEach(async () => {
  vi.useRealTimers();
  for (const listener of open) await listener.end(null);
  rmSync(runtime, { recursive: true, force: true });
});

export const environment = () => ({ XDG_RUNTIME_DIR: runtime });
export const folder = () => join(runtime, 'pg2any');

export const look = (before: Status | null): Status => {
  looks += 1;
  return sample(counters, before, Date.now());
};

export async function listening(what: Partial<Attachable> = {}, hide = (text: string) => text): Promise<Listener> {
  const listener = await listen({ look, stop: () => undefined, ...what }, PIPELINE, {
    environment: environment(),
    hide,
  });
  open.push(listener);
  return listener;
}

export const event = (message: string): LogEvent => ({ at: 1, severity: 'info', event: 'test', message });

export async function watching() {
  const statuses: Status[] = [];
  const events: LogEvent[] = [];
  const attached = await attach(PIPELINE, environment());
  attached.subscribe(
    (status) => statuses.push(status),
    (one) => events.push(one),
  );
  return { attached, statuses, events };
}
