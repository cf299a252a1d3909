import type { Entry } from './command.ts';

/** Every command. */
export const COMMANDS: readonly Entry[] = [
  {
    name: 'init',
    summary: 'write pg2any.yaml and .env from flags; pg2any alone asks for them',
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    name: 'replicate',
    summary: 'copy the tables, then every change, exactly once',
    load: async () => (await import('./commands/replicate.ts')).replicate,
  },
  {
    name: 'live',
    summary: 'watch a pg2any replicate that runs on this machine',
    load: async () => (await import('./commands/live.ts')).live,
  },
  {
    name: 'status',
    summary: 'show slot, checkpoint and the running process',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    name: 'verify',
    summary: 'compare source and destination row by row',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  {
    name: 'check',
    summary: 'show what stands in the way, and the fix for it',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'plan',
    summary: 'print the destination tables, column by column, with their SQL',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    name: 'discover',
    summary: 'list the tables with size, rows, key and type problems',
    load: async () => (await import('./commands/discover.ts')).discover,
  },
  {
    name: 'teardown',
    summary: 'remove slot, publication and checkpoint; copied tables stay',
    load: async () => (await import('./commands/teardown.ts')).teardown,
  },
  {
    name: 'demo',
    summary: 'show it at work, on a PostgreSQL of its own',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    name: 'config',
    summary: 'show every setting and where it came from',
    load: async () => (await import('./commands/config.ts')).config,
  },
  {
    name: 'completion',
    summary: 'print a script for Tab in bash, zsh or fish',
    load: async () => (await import('./commands/completion.ts')).completionOf(COMMANDS),
  },
];
