import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG } from '../command.ts';

/** Pause between two looks of `--watch`. */
const WATCH_MS = 2000;

async function run(context: Context): Promise<number> {
  const { io, flags, environment } = context;
  const { openConfig } = await import('../open.ts');
  const { config } = openConfig(context);
  const { observatory } = await import('../status/look.ts');
  const { exitCode } = await import('../status/numbers.ts');
  const { overviewJson } = await import('../status/json.ts');
  const { overviewText } = await import('../status/text.ts');
  const { stopOnSignals } = await import('../signals.ts');
  const { setTimeout: pause } = await import('node:timers/promises');
  const eye = observatory(config, environment);
  const stopper = stopOnSignals(() => undefined);
  try {
    for (;;) {
      const overview = await eye.look();
      if (flags.json) io.out(JSON.stringify(overviewJson(config, overview)));
      else io.screen(overviewText(config, overview, io), flags.watch === true);
      if (flags.watch !== true) return exitCode(overview);
      await pause(WATCH_MS, undefined, { signal: stopper.signal }).catch(() => undefined);
      if (stopper.signal.aborted) return stopper.exitCode();
    }
  } finally {
    stopper.dispose();
    await eye.close();
  }
}

export const status: Command = {
  name: 'status',
  about: [
    'Shows a pipeline from three sides: the slot at the source, the checkpoint at the destination, and the process, where one of this user runs on this machine. What cannot be reached says why; the rest is shown all the same. It changes nothing.',
    'Exit 0: both servers were reached, and the slot serves the checkpoint; 4, 5: a server cannot be reached; 6: the slot or its changes are gone.',
  ],
  usage: 'pg2any status --env [FILE] | --config FILE  [--watch] [--json]',
  flags: [...CONFIG_FLAGS, { name: 'watch', doc: 'Look again every 2 s until stopped' }, JSON_FLAG],
  examples: [
    { run: 'pg2any status --env', doc: 'one look' },
    { run: 'pg2any status --config shop.yaml --watch', doc: 'again and again' },
    { run: "pg2any status --env --json | jq '.destination.checkpoint.behindBytes'", doc: 'for monitoring' },
  ],
  run,
};
