import type { Config } from '../../config/config.ts';
import type { LogEvent } from '../../model/event.ts';
import type { Lsn } from '../../model/lsn.ts';
import type { Status } from '../../status/status.ts';
import { CONFIG_FLAGS, type Command, type Context, textFlag } from '../command.ts';
import type { View } from '../headless.ts';
import type { Probed } from '../open-endpoint.ts';
import type { Controls } from '../open-to-others.ts';
import type { Stopper } from '../signals.ts';

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

/** Full screen at a terminal, lines everywhere else. */
async function viewOf(context: Context, config: Config, controls: Controls): Promise<View> {
  const { wantsScreen } = await import('../at-terminal.ts');
  if (wantsScreen(context)) {
    const { liveView } = await import('../live-view.ts');
    return liveView(config, context.io, context.environment, controls);
  }
  const { jsonView, plainView } = await import('../headless.ts');
  if (context.flags.json) return jsonView(context.io);
  const { leveled } = await import('../leveled.ts');
  const { logFormat, logLevel } = config.operation;
  if (logFormat === 'json') {
    const { jsonLog } = await import('../json-log.ts');
    return leveled(jsonLog(config, context.io), logLevel);
  }
  const { copyProgress } = await import('../copy-bar.ts');
  const copying = copyProgress(context.io);
  const lines = { ...plainView(context.io), look: copying.onLook, close: async () => copying.end() };
  return leveled(lines, logLevel);
}

interface Showing {
  readonly context: Context;
  readonly config: Config;
  readonly until: 'now' | Lsn | null;
  readonly controls: Controls;
  readonly stopper: Stopper;
  readonly view: View;
  /** Whom signals are told to. */
  readonly onSignal: (tell: (event: LogEvent) => void) => void;
}

/** Replicates while the view shows it. */
async function replicateShown(showing: Showing): Promise<void> {
  const { context, config, until, controls, stopper, view } = showing;
  const { inspectBeforeStart } = await import('../first-start.ts');
  const { replicate: start } = await import('../../replicate.ts');
  const { openToOthers } = await import('../open-to-others.ts');
  const { openToProbes } = await import('../open-endpoint.ts');
  let probes: Probed | null = null;
  const tell = (event: LogEvent): void => {
    view.event(event);
    others.onEvent(event);
    probes?.onEvent(event);
  };
  const others = openToOthers(config, context.environment, controls, tell);
  showing.onSignal(tell);
  let last: Status | null = null;
  try {
    probes = await openToProbes(config, context.environment, tell);
    await inspectBeforeStart(config, view.finding, stopper.signal);
    last = await start(config, {
      signal: stopper.signal,
      ...(until === null ? {} : { until }),
      onEvent: tell,
      onLook: (look, applied) => {
        others.onLook(look);
        probes?.onLook(look, applied);
        view.look(look);
      },
      onStatus: (now) => {
        last = now;
        if (now.phase !== 'stopped') view.status(now);
      },
      gate: controls.gate,
      statusMs: view.statusMs,
    });
    view.end(last);
  } finally {
    await others.end(last);
    await probes?.close();
  }
}

/** Before the configuration is known; what reads the log is not to meet a line of another form. */
const asksForJson = ({ flags, environment }: Context): boolean =>
  (flags['log-format'] ?? environment.CDC_LOG_FORMAT) === 'json';

async function run(context: Context): Promise<number> {
  const until = await parseUntil(textFlag(context.flags, 'until'));
  const { openConfig } = await import('../open.ts');
  let config: Config;
  try {
    ({ config } = openConfig(context));
  } catch (error) {
    if (!asksForJson(context)) throw error;
    const { asPg2anyError } = await import('../../model/error.ts');
    const { jsonLog } = await import('../json-log.ts');
    const failure = asPg2anyError(error);
    jsonLog({ slot: null }, context.io).failed?.(failure);
    return failure.exitCode;
  }
  return await replicateWith(context, config, until);
}

async function replicateWith(context: Context, config: Config, until: 'now' | Lsn | null): Promise<number> {
  const { stopOnSignals } = await import('../signals.ts');
  const { letYoungHeapGrow } = await import('../young-heap.ts');
  if (config.destination.kafka || config.destination.mirror) letYoungHeapGrow();
  const { Gate } = await import('../../pipeline/gate.ts');
  let tell = (_event: LogEvent): void => undefined;
  const stopper = stopOnSignals((message) => tell({ at: Date.now(), severity: 'info', event: 'stopping', message }));
  const controls = { gate: new Gate(), stop: () => stopper.stop() };
  // What is shown comes first: the rest takes longer to load.
  const view = await viewOf(context, config, controls);
  const onSignal = (told: typeof tell): void => {
    tell = told;
  };
  try {
    await replicateShown({ context, config, until, controls, stopper, view, onSignal });
    return stopper.exitCode();
  } catch (error) {
    if (!view.failed) throw error;
    const { asPg2anyError } = await import('../../model/error.ts');
    const failure = asPg2anyError(error);
    view.failed(failure);
    return failure.exitCode;
  } finally {
    await view.close();
    stopper.dispose();
  }
}

export const replicate: Command = {
  name: 'replicate',
  about: [
    "Copies the tables as of one moment, then applies every change in the order of the source's commits. Stop it as you like: it goes on where it was, without losing or repeating anything.",
    'At a terminal it shows the live view; ? lists its keys. In CI, without a terminal, and with --no-tui, --json or --env it writes lines.',
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
    {
      name: 'http',
      value: '[HOST:]PORT',
      doc: 'Answer /healthz, /readyz, /status, /build and /metrics here; a port alone is for this machine only',
    },
    { name: 'log-format', value: 'text|json', doc: 'Messages on stderr for people, or one JSON object a line' },
    {
      name: 'log-level',
      value: 'debug|info|warn|error',
      doc: 'The least severe messages; SIGUSR2 changes to debug and back',
    },
    { name: 'json', doc: 'Print one JSON object per event and per 10 s' },
    { name: 'tui', negated: true, doc: 'Plain lines also at a terminal, instead of the live view' },
  ],
  examples: [
    { run: 'pg2any replicate --env', doc: 'configured by CDC_* variables' },
    { run: 'pg2any replicate --config shop.yaml', doc: 'configured by a file' },
    { run: 'pg2any replicate --env .env --until now', doc: 'bring the copy up to date, then exit' },
    { run: 'pg2any replicate --env --json >> pg2any.ndjson', doc: 'a log for programs' },
    { run: 'pg2any replicate --env --http 9464', doc: 'probes and Prometheus metrics at http://127.0.0.1:9464' },
  ],
  run,
};
