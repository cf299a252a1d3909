import type { LogEvent } from '../../model/event.ts';
import type { Lsn } from '../../model/lsn.ts';
import type { Status } from '../../status/status.ts';
import { CONFIG_FLAGS, type Command, type Context, textFlag } from '../command.ts';

/** `now`, a position, or until stopped. */
async function parseUntil(text: string | undefined): Promise<'now' | Lsn | null> {
  if (text === undefined || text === 'now') return text ?? null;
  const { parseLsn } = await import('../../model/lsn.ts');
  try {
    return parseLsn(text);
  } catch {
    const { Pg2anyError } = await import('../../model/error.ts');
    throw new Pg2anyError(
      'CONFIG_INVALID',
      `--until takes now or a position such as 16/B374D848, not ${JSON.stringify(text)}`,
    );
  }
}

async function run(context: Context): Promise<number> {
  const { io, flags } = context;
  const until = await parseUntil(textFlag(flags, 'until'));
  const { openConfig } = await import('../open.ts');
  const { config } = openConfig(context);
  const { jsonView, plainView, STATUS_MS } = await import('../headless.ts');
  const { inspectBeforeStart } = await import('../first-start.ts');
  const { stopOnSignals } = await import('../signals.ts');
  const { replicate: start } = await import('../../replicate.ts');
  const { copyProgress } = await import('../copy-bar.ts');
  const { openToOthers } = await import('../open-to-others.ts');
  const view = flags.json ? jsonView(io) : plainView(io);
  const stopper = stopOnSignals((message) => tell({ at: Date.now(), severity: 'info', event: 'stopping', message }));
  const others = openToOthers(config, context.environment, stopper.stop, view.event);
  const tell = (event: LogEvent): void => {
    view.event(event);
    others.onEvent(event);
  };
  const copying = copyProgress(io);
  let last: Status | null = null;
  try {
    await inspectBeforeStart(config, view.finding, stopper.signal);
    last = await start(config, {
      signal: stopper.signal,
      ...(until === null ? {} : { until }),
      onEvent: tell,
      onLook: (look) => {
        others.onLook(look);
        if (!flags.json) copying.onLook(look);
      },
      onStatus: (now) => {
        last = now;
        if (now.phase !== 'stopped') view.status(now);
      },
      statusMs: STATUS_MS,
    });
    view.end(last);
    return stopper.exitCode();
  } finally {
    copying.end();
    await others.end(last);
    stopper.dispose();
  }
}

export const replicate: Command = {
  name: 'replicate',
  about: [
    "Copies the tables as of one moment, then applies every change in the order of the source's commits. Stop it as you like: it goes on where it was, without losing or repeating anything.",
    'The first Ctrl-C or SIGTERM finishes the batch in hand and releases the slot; a second one stops at once. Both are safe.',
  ],
  usage: 'pg2any replicate --env [FILE] | --config FILE  [OPTIONS]',
  flags: [
    ...CONFIG_FLAGS,
    {
      name: 'until',
      value: 'now|LSN',
      doc: 'Stop when the destination holds everything up to here; now: all that the source has at the start',
    },
    {
      name: 'snapshot',
      value: 'initial|never|only',
      doc: 'Copy the tables first (initial), only stream (never), or stop after the copy (only)',
    },
    { name: 'json', doc: 'Print one JSON object per event and per 10 s' },
    { name: 'tui', negated: true, doc: 'Plain lines also on a terminal (the live view is not there yet)' },
  ],
  examples: [
    { run: 'pg2any replicate --env', doc: 'configured by CDC_* variables' },
    { run: 'pg2any replicate --config shop.yaml', doc: 'configured by a file' },
    { run: 'pg2any replicate --env .env --until now', doc: 'bring the copy up to date, then exit' },
    { run: 'pg2any replicate --env --json >> pg2any.ndjson', doc: 'a log for programs' },
  ],
  run,
};
