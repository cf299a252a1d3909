import type { LogEvent } from '../model/event.ts';
import type { Status } from '../status/status.ts';
import { bytes, clock, count, plural } from '../tui/format.ts';
import type { Summary } from '../tui/live/index.ts';
import { spelled } from '../tui/symbols.ts';
import type { Style } from '../tui/theme.ts';
import { cell, wrapped } from '../tui/width.ts';
import { endLine } from './headless.ts';

/** Kinds of trouble that are worth repeating once the screen is gone. */
const REPEATED = 5;

type Lines = readonly string[];

function figures({ totals, retries, lag, lsn, at, startedAt }: Status): readonly (readonly [string, string])[] {
  const seconds = Math.max(0.001, (at - startedAt) / 1000);
  const { inserts, updates, deletes } = totals;
  const rows = totals.rows + totals.copiedRows;
  const behind = lag.idle ? 'nothing of what was received' : `${bytes(lag.bytes ?? 0)} of WAL, which the slot keeps`;
  return [
    [
      'changes',
      totals.rows > 0 ? `${count(inserts)} inserts, ${count(updates)} updates, ${count(deletes)} deletes` : '',
    ],
    ['speed', rows > 0 ? `${count(rows / seconds)} rows/s on average` : ''],
    ['left', lsn.flushed === '0/0' ? '' : behind],
    ['retries', retries > 0 ? count(retries) : ''],
  ];
}

interface Trouble {
  readonly last: LogEvent;
  readonly times: number;
}

/** The last event of each kind, and how often there was one; the latest kinds last. */
function troublesIn(events: Summary['events']): readonly Trouble[] {
  const kinds = new Map<string, Trouble>();
  for (const last of events) {
    if (last.severity !== 'warn' && last.severity !== 'error') continue;
    const kind = last.event === 'finding' ? last.message : last.event;
    const times = (kinds.get(kind)?.times ?? 0) + 1;
    kinds.delete(kind);
    kinds.set(kind, { last, times });
  }
  return [...kinds.values()];
}

/** `  14:02:11 ▲ ` */
const HEAD = 13;

function troubleLines({ last, times }: Trouble, { symbols, dim, error, warn }: Style, columns: number): Lines {
  const sign = last.severity === 'error' ? error(symbols.error) : warn(symbols.warn);
  const more = times > 1 ? ` (${count(times)} times, this was the last)` : '';
  return wrapped(spelled(last.message, symbols) + more, Math.max(20, columns - HEAD)).map((line, index) =>
    index === 0 ? `  ${dim(clock(last.at))} ${sign} ${line}` : ' '.repeat(HEAD) + line,
  );
}

function statusLines(status: Status, style: Style): Lines {
  const told = figures(status).filter(([, text]) => text !== '');
  const { ok, warn, symbols } = style;
  return [
    `${status.phase === 'stopped' ? ok(symbols.ok) : warn(symbols.warn)} ${endLine(status)}`,
    ...told.map(([title, text]) => `  ${style.dim(cell(title, 8))} ${text}`),
  ];
}

/** What a run was, in a few lines of a terminal this wide, which stay there. */
export function summaryLines({ status, events, warnings, errors }: Summary, style: Style, columns: number): Lines {
  const number = [
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
    ...(errors > 0 ? [plural(errors, 'error')] : []),
  ].join(', ');
  return [
    ...(status ? statusLines(status, style) : []),
    ...(number ? [`  ${number}`] : []),
    ...troublesIn(events)
      .slice(-REPEATED)
      .flatMap((trouble) => troubleLines(trouble, style, columns)),
  ];
}
