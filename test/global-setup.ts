import { writeSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { sweepLeftovers } from '../src/demo/server-folder.ts';
import { startBroker } from './support/broker.ts';
import { CI_SERVERS, SharedServers } from './support/shared-servers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    broker: string;
  }
}

/** The main process owns the shared servers; the test processes ask it for them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  sweepLeftovers();
  const servers = new SharedServers();
  const broker = await startBroker(servers);
  project.provide('broker', broker.url);
  const stop = async () => {
    broker.close();
    await servers.stopAll();
  };
  if (process.env.CI === 'true') {
    await Promise.all(CI_SERVERS.map((name) => servers.get(name))).catch(async (error: unknown) => {
      await stop();
      const reason = error instanceof Error ? error.message : String(error);
      // Before the tally, which is the last line: only the end of a long output may be kept.
      process.prependOnceListener('exit', () => void writeSync(1, `FAILED   set-up: ${reason}\n`));
      throw error;
    });
  }
  return stop;
}
