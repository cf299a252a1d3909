import type { Status } from '../status/status.ts';
import { bytes, clock, count, plural } from '../tui/format.ts';
import type { Summary } from '../tui/live/index.tsx';
import { spelled } from '../tui/symbols.ts';
import type { Style } from '../tui/theme.ts';
import { cell } from '../tui/width.ts';
import { endLine } from './headless.ts';

/** Troubles that are worth repeating once the screen is gone. */
const REPEATED = 5;

function figures(status: Status): readonly (readonly [string, string])[] {
  const { totals, retries, lag } = status;
  const ran = Math.max(0.001, (status.at - status.startedAt) / 1000);
  const rate = (rows: number): string => `${count(rows / ran)}/s on average`;
  const behind = lag.idle ? 'nothing: the destination has all that was received' : `${bytes(lag.bytes ?? 0)} of WAL`;
  return [
    ...(totals.copiedRows > 0 ? [['copied', plural(totals.copiedRows, 'row')] as const] : []),
    ...(totals.rows > 0
      ? [
          [
            'applied',
            `${count(totals.inserts)} inserts, ${count(totals.updates)} updates, ${count(totals.deletes)} deletes in ${plural(totals.transactions, 'transaction')}`,
          ] as const,
        ]
      : []),
    ...(totals.rows + totals.copiedRows > 0 ? [['speed', `${rate(totals.rows + totals.copiedRows)}`] as const] : []),
    ...(status.lsn.flushed === '0/0' ? [] : [['left', behind] as const]),
    ...(retries > 0 ? [['retries', count(retries)] as const] : []),
  ];
}

/** What a run was, in a few lines that stay in the terminal. */
export function summaryLines({ status, events, warnings, errors }: Summary, style: Style): readonly string[] {
  const { symbols } = style;
  const troubles = events.filter(({ severity }) => severity === 'warn' || severity === 'error');
  const told = troubles.slice(-REPEATED).map(({ at, severity, message }) => {
    const tone = severity === 'error' ? 'error' : 'warn';
    return `  ${style.dim(clock(at))} ${style[tone](symbols[tone])} ${spelled(message, symbols)}`;
  });
  const hidden = warnings + errors - told.length;
  return [
    ...(status ? [`${style.ok(symbols.ok)} ${endLine(status)}`] : []),
    ...(status ? figures(status).map(([title, text]) => `  ${style.dim(cell(title, 8))} ${text}`) : []),
    ...(told.length > 0
      ? [`  ${plural(warnings, 'warning')}, ${plural(errors, 'error')}${hidden > 0 ? ', the last of them:' : ':'}`]
      : []),
    ...told,
  ];
}
