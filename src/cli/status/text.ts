import { type Config, describeSource } from '../../config/config.ts';
import type { Checkpoint } from '../../model/checkpoint.ts';
import type { Pg2anyError } from '../../model/error.ts';
import { formatLsn } from '../../model/lsn.ts';
import type { SourceOverview } from '../../source/overview.ts';
import type { SlotFacts } from '../../source/slot.ts';
import { bytes, clock, plural, seconds } from '../../tui/format.ts';
import type { Style } from '../../tui/theme.ts';
import { statusLine } from '../headless.ts';
import { wrap } from '../help.ts';
import type { Io } from '../io.ts';
import { behindBytes } from './numbers.ts';
import type { DestinationOverview, Overview, Part } from './overview.ts';
import { tableLines } from './tables.ts';

type Tone = 'ok' | 'warn' | 'error' | 'info';

/** One side: what it is, how it is, and the lines below it. */
interface Block {
  readonly tone: Tone;
  readonly title: string;
  readonly head: string;
  readonly lines: readonly string[];
}

const INDENT = 15;

function unreachable(title: string, server: string, error: Pg2anyError): Block {
  return { tone: 'error', title, head: server, lines: [error.message, error.hint] };
}

/** https://www.postgresql.org/docs/current/view-pg-replication-slots.html */
function slotTone({ active, walStatus, invalidated }: SlotFacts): Tone {
  if (walStatus === 'lost' || invalidated) return 'error';
  return active && walStatus !== 'unreserved' ? 'ok' : 'warn';
}

function slotLines({ slot, retainedBytes }: SourceOverview): string[] {
  if (!slot) return [];
  const use = slot.active ? 'slot in use' : 'slot not in use: its WAL stays until somebody streams again';
  const facts = [
    ...(slot.walStatus === null ? [] : [`WAL ${slot.walStatus}`]),
    ...(retainedBytes === null ? [] : [`${bytes(retainedBytes)} retained`]),
    ...(slot.safeBytes === null ? [] : [`lost after ${bytes(Math.max(0, slot.safeBytes))} more`]),
    ...(slot.confirmed === null ? [] : [`confirmed ${formatLsn(slot.confirmed)}`]),
    ...(slot.invalidated === null ? [] : [`invalidated: ${slot.invalidated}`]),
  ];
  return [use, facts.join(', ')];
}

function sourceBlock(config: Config, { source, destination }: Overview): Block {
  const server = describeSource(config.source);
  if (source.error) return unreachable('Source', server, source.error);
  const { found } = source;
  const head = `${found.product}  ${server}`;
  if (found.slot) return { tone: slotTone(found.slot), title: 'Source', head, lines: slotLines(found) };
  const begun = destination.found?.checkpoint;
  const none = begun ? 'the slot is gone' : 'no slot yet: pg2any replicate makes it';
  return { tone: begun ? 'error' : 'info', title: 'Source', head, lines: [none] };
}

function destinationBlock(
  title: string,
  server: string,
  part: Part<DestinationOverview>,
  lines: (checkpoint: Checkpoint) => readonly string[],
): Block {
  const { found, error } = part;
  if (error) return unreachable(title, server, error);
  const head = `${found.product}  ${server}`;
  if (!found.checkpoint) return { tone: 'info', title, head, lines: ['no checkpoint yet'] };
  return { tone: 'ok', title, head, lines: lines(found.checkpoint) };
}

/** The destination, and the mirror where there is one. */
function destinationBlocks(config: Config, overview: Overview): readonly Block[] {
  const { destination, mirror } = overview;
  const position = (part: Part<DestinationOverview>, { flushed }: Checkpoint): string => {
    const behind = behindBytes(overview, part);
    const lag =
      behind === null ? '' : behind === 0 ? ', all that the source has' : `, ${bytes(behind)} behind the source`;
    return `checkpoint ${formatLsn(flushed)}${lag}`;
  };
  const main = destinationBlock('Destination', config.destination.display, destination, (checkpoint) => [
    position(destination, checkpoint),
  ]);
  if (!mirror) return [main];
  const beside = destinationBlock('Mirror', config.destination.mirror?.display ?? '', mirror, (checkpoint) => {
    const copied = checkpoint.tables.filter(({ state }) => state === 'copied').length;
    return [`${position(mirror, checkpoint)}, ${plural(copied, 'table')} copied`];
  });
  return [main, beside];
}

function processBlock({ process, source }: Overview): Block {
  const title = 'Process';
  if (process.error) {
    const elsewhere = source.found?.slot?.active ? ['the slot is in use, so one runs elsewhere'] : [];
    return { tone: elsewhere.length > 0 ? 'info' : 'warn', title, head: process.error.message, lines: elsewhere };
  }
  const { pid, status } = process.found;
  const up = seconds((status.at - status.startedAt) / 1000);
  const failed = status.lastError ? [`last error at ${clock(status.lastError.at)}: ${status.lastError.message}`] : [];
  const tone = status.phase === 'retrying' || status.phase === 'paused' ? 'warn' : 'ok';
  return { tone, title, head: `pid ${pid}, up ${up}`, lines: [statusLine(status), ...failed] };
}

function problemBlock(problem: Pg2anyError): Block {
  const { message, hint, code } = problem;
  return {
    tone: 'error',
    title: 'Problem',
    head: message,
    lines: [hint.replaceAll('`', ''), `${code}; docs/errors.md`],
  };
}

function blockLines({ tone, title, head, lines }: Block, style: Style, width: number): string[] {
  const paint = style[tone === 'info' ? 'focus' : tone];
  const [first = '', ...rest] = [head, ...lines].flatMap((line) => wrap(line, width - INDENT));
  const indented = rest.map((line) => ' '.repeat(INDENT) + line);
  return [`${paint(style.symbols[tone])} ${style.bold(title.padEnd(INDENT - 2))}${first}`, ...indented];
}

/** An overview as people read it. */
export function overviewText(config: Config, overview: Overview, io: Io): string {
  const style = io.style.out;
  const width = Math.max(60, Math.min(io.width, 110));
  const blocks = [
    sourceBlock(config, overview),
    ...destinationBlocks(config, overview),
    processBlock(overview),
    ...(overview.problem ? [problemBlock(overview.problem)] : []),
  ];
  const { lines, tables } = tableLines(overview, io);
  const number = tables > 0 ? [plural(tables, 'table')] : [];
  const title = [`slot ${config.slot}`, `publication ${config.publication}`, ...number, clock(overview.at)].join('  ');
  const head = wrap(title, width).map((line) => style.dim(line));
  return [...head, ...blocks.flatMap((block) => blockLines(block, style, width)), ...lines].join('\n');
}
