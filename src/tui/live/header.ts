import type { Phase, Status } from '../../status/status.ts';
import { sparkline } from '../chart.ts';
import { bytes, count, elapsed, milliseconds, plural, seconds } from '../format.ts';
import { line, type Part } from '../parts.ts';
import { spelled } from '../symbols.ts';
import type { Style } from '../theme.ts';
import { clip, plain } from '../width.ts';
import type { LiveState, Seen } from './state.ts';

/** From here on a figure that should be seconds old is called old. */
const STALE_MS = 5000;
/** From here on lag is worth a colour, s. */
const LATE = 10;

const TONES: Readonly<Record<Phase, 'ok' | 'warn' | 'focus' | 'dim'>> = {
  connecting: 'focus',
  preflight: 'focus',
  snapshot: 'focus',
  streaming: 'ok',
  paused: 'warn',
  retrying: 'warn',
  draining: 'warn',
  stopped: 'dim',
};

const WORDS: Readonly<Partial<Record<Phase, string>>> = { snapshot: 'copying', preflight: 'checking' };

export function phaseOf({ status, stopping }: LiveState): Phase {
  const phase = status?.phase ?? 'connecting';
  return stopping && phase !== 'stopped' ? 'draining' : phase;
}

/** How old what the pipeline says is, ms; it says something four times a second. */
const silence = ({ now, status }: LiveState): number => (status ? now - status.at : 0);

function identity(state: LiveState, style: Style, columns: number): string {
  const phase = phaseOf(state);
  const old = silence(state);
  const word = `${style.symbols[TONES[phase] === 'warn' ? 'warn' : 'info']} ${WORDS[phase] ?? phase}`;
  const shown =
    old > STALE_MS ? style.warn(`${style.symbols.warn} no news for ${seconds(old / 1000)}`) : style[TONES[phase]](word);
  const up = state.status ? `up ${elapsed((state.now - state.status.startedAt) / 1000)}` : '';
  const title = clip(spelled(plain(state.title), style.symbols), Math.max(8, columns - 28), style.symbols.dot);
  return line(
    [{ text: style.bold('pg2any') }, { text: title, rank: 1 }],
    [{ text: shown }, { text: style.dim(up), rank: 2 }],
    columns,
  );
}

/** A figure that is no longer fresh, with its age. */
function aged(text: string, at: number | null, { now }: LiveState, style: Style): string {
  if (at === null || now - at <= STALE_MS) return text;
  return style.dim(`${text} (${seconds((now - at) / 1000)} old)`);
}

function lag(state: LiveState, status: Status, style: Style): Part {
  const { lag } = status;
  const fresh = state.seen !== null && state.now - state.seen.at <= STALE_MS;
  const size = state.seen?.lagBytes == null ? '' : ` ${style.symbols.bullet} ${bytes(state.seen.lagBytes)}`;
  if (lag.seconds === null) return { text: style.dim('lag unknown yet') };
  // Between two batches nothing waits either, but that is not idle.
  const idle = state.history.rates.rows > 0 ? '' : ` ${style.symbols.bullet} idle`;
  if (lag.idle) return { text: aged(`lag 0 s${idle}`, state.seen?.at ?? null, state, style) };
  const text = `lag ${seconds(lag.seconds)}${fresh ? size : ''}`;
  return { text: lag.seconds >= LATE ? style.warn(text) : text };
}

/** How far the copy is, as a whole: tables without an estimate count by what is there already. */
export function copyProgress({ tables, totals }: Status): { readonly done: number; readonly all: number } {
  const all = tables.reduce((sum, table) => sum + Math.max(table.estimatedRows ?? 0, table.copiedRows), 0);
  return { done: totals.copiedRows, all };
}

function copying(state: LiveState, status: Status, style: Style): Part {
  const { done, all } = copyProgress(status);
  const { rows } = state.history.rates;
  const left = rows > 0 && all > done ? ` ${style.symbols.bullet} ${elapsed((all - done) / rows)} left` : '';
  const finished = status.tables.filter(({ state }) => state === 'streaming').length;
  const percent = all === 0 ? '' : ` ${style.symbols.bullet} ${Math.min(99, Math.floor((100 * done) / all))} %`;
  return { text: `copied ${finished} of ${plural(status.tables.length, 'table')}${percent}${left}` };
}

const SLOT_TONES: Readonly<Record<string, 'ok' | 'warn' | 'error'>> = {
  reserved: 'ok',
  extended: 'warn',
  unreserved: 'error',
  lost: 'error',
};

function slotState({ slotStatus }: Seen, style: Style): string {
  if (!slotStatus) return style.warn('missing');
  const { active, walStatus } = slotStatus;
  if (!active) return style.warn('not in use');
  return style[SLOT_TONES[walStatus ?? 'reserved'] ?? 'warn'](walStatus === 'reserved' ? 'ok' : (walStatus ?? 'ok'));
}

function slot(state: LiveState, status: Status, style: Style): readonly Part[] {
  const { seen } = state;
  const name = clip(plain(status.slot), 24, style.symbols.dot);
  if (!seen) return [{ text: style.dim(`slot ${name}`), rank: 4 }];
  const { retainedBytes, slotStatus } = seen;
  const retained = retainedBytes === null ? '' : `${bytes(retainedBytes)} retained`;
  const left = slotStatus?.safeBytes == null ? '' : `${bytes(slotStatus.safeBytes)} until it is lost`;
  return [
    {
      text: aged(`slot ${name} ${slotState(seen, style)}`, seen.at, state, style),
      short: aged(`slot ${slotState(seen, style)}`, seen.at, state, style),
      rank: 4,
    },
    { text: aged(retained, seen.at, state, style), rank: 3 },
    { text: left, rank: 6 },
  ];
}

function troubles({ warnings, errors }: LiveState, style: Style): readonly Part[] {
  const { symbols } = style;
  const say = (number: number, tone: 'warn' | 'error', word: string): Part => {
    const figure = `${symbols[tone]} ${count(number)}`;
    return { text: style[tone](`${figure} ${word}${number === 1 ? '' : 's'}`), short: style[tone](figure), rank: 2 };
  };
  return [
    ...(warnings === 0 ? [] : [say(warnings, 'warn', 'warning')]),
    errors === 0 ? { text: style.dim('errors 0'), rank: 1 } : say(errors, 'error', 'error'),
  ];
}

function health(state: LiveState, style: Style, columns: number): string {
  const { status } = state;
  const right = troubles(state, style);
  if (!status) return line([{ text: style.dim('connecting to both servers') }], right, columns);
  const first = status.phase === 'snapshot' ? copying(state, status, style) : lag(state, status, style);
  return line([first, ...slot(state, status, style)], right, columns);
}

function latency({ batch }: Status, style: Style, columns: number): string {
  const { applyMsP50, applyMsP95, applyMsP99 } = batch;
  if (applyMsP95 === null) return style.dim('nothing applied yet');
  const p95 = `p95 ${milliseconds(applyMsP95)}`;
  if (columns < 110 || applyMsP50 === null || applyMsP99 === null) return `apply ${p95}`;
  const dot = ` ${style.symbols.bullet} `;
  return `apply p50 ${milliseconds(applyMsP50)}${dot}${p95}${dot}p99 ${milliseconds(applyMsP99)}`;
}

function throughput(state: LiveState, style: Style, columns: number): string {
  const { status, history } = state;
  const spark = (values: readonly number[], most: number): string =>
    style.focus(sparkline(values, Math.min(most, Math.floor(columns / 8)), style.symbols));
  const rows = `rows ${count(history.rates.rows)}/s`;
  const left: Part[] = [
    { text: rows },
    { text: spark(history.bars.rows, 40), rank: 2 },
    { text: `tx ${count(history.rates.transactions)}/s`, rank: 3 },
    { text: columns < 110 ? '' : spark(history.bars.transactions, 20), rank: 6 },
  ];
  if (!status) return line(left, [], columns);
  const batch = { text: status.batch.rows === 0 ? '' : `batch ${plural(status.batch.rows, 'row')}`, rank: 4 };
  return line([...left, batch], [{ text: latency(status, style, columns), rank: 1 }], columns);
}

/** Who and in which phase, how it is, how fast it goes. */
export const headerLines = (state: LiveState, style: Style, columns: number): readonly string[] => [
  identity(state, style, columns),
  health(state, style, columns),
  throughput(state, style, columns),
];
