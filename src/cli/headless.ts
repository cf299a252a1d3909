import type { Pg2anyError } from '../model/error.ts';
import type { LogEvent } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import type { Look } from '../replication.ts';
import type { Status, TableStatus } from '../status/status.ts';
import { apart, destinationWords, isKnown } from '../tui/destinations.ts';
import { about, bytes, clock, count, plural, seconds } from '../tui/format.ts';
import type { Io } from './io.ts';

/** How a running pipeline is shown without a live view. */
export interface View {
  finding(finding: Finding): void;
  event(event: LogEvent): void;
  status(status: Status): void;
  end(status: Status): void;
  /** Why it stopped, where that is not left to whoever started it. */
  failed?(error: Pg2anyError): void;
  /** Pause between two statuses, ms. */
  readonly statusMs: number;
  /** A way to look more often. */
  look(look: Look): void;
  /** Gives back what it took. */
  close(): Promise<void>;
}

/** Pause between two status lines. */
export const STATUS_MS = 10_000;

/** Of a view that writes lines and keeps nothing. */
export const LINES = { statusMs: STATUS_MS, look: (): void => undefined, close: async (): Promise<void> => undefined };

/** The copy as a whole, and the table that is furthest from done. */
export function copyLine(status: Status): string {
  const { tables } = status;
  const copying = tables.filter((table) => table.state === 'copying');
  const done = tables.filter((table) => table.state === 'streaming').length;
  const parts = [
    `copying ${done} of ${plural(tables.length, 'table')} done`,
    `${count(status.totals.copiedRows)} rows`,
    `${count(status.rowsPerSecond)} rows/s`,
  ];
  return [...parts, ...copying.map(tableProgress)].join('  ');
}

function tableProgress(table: TableStatus): string {
  const { name, copiedRows, estimatedRows, etaSeconds } = table;
  if (!estimatedRows) return `${name} ${about(copiedRows)} rows`;
  const percent = Math.min(99, Math.floor((100 * copiedRows) / estimatedRows));
  const left = etaSeconds === null ? '' : `, ${seconds(etaSeconds)} left`;
  return `${name} ${percent} % of ${about(estimatedRows)}${left}`;
}

/** One line about lag, speed and what the source keeps for us. */
export function streamLine(status: Status): string {
  const { lag, retainedBytes, totals } = status;
  const behind =
    lag.seconds === null
      ? 'lag unknown'
      : `lag ${seconds(lag.seconds)}${lag.bytes === null ? '' : ` (${bytes(lag.bytes)})`}`;
  return [
    status.phase,
    behind,
    `${count(status.rowsPerSecond)} rows/s`,
    `${count(status.transactionsPerSecond)} tx/s`,
    `${count(totals.rows)} changes`,
    ...(retainedBytes === null ? [] : [`${bytes(retainedBytes)} retained`]),
    ...(apart(status.destinations) ? status.destinations.filter(isKnown).map(destinationWords) : []),
    ...(status.retries === 0 ? [] : [plural(status.retries, 'retry', 'retries')]),
  ].join('  ');
}

export const statusLine = (status: Status): string =>
  status.phase === 'snapshot' ? copyLine(status) : streamLine(status);

export function endLine(status: Status): string {
  const { totals } = status;
  const took = seconds((status.at - status.startedAt) / 1000);
  const copied = totals.copiedRows > 0 ? `${plural(totals.copiedRows, 'row')} copied, ` : '';
  const lost = totals.lostValues > 0 ? `, ${plural(totals.lostValues, 'value')} replaced by policy` : '';
  const at = status.lsn.flushed === '0/0' ? '' : ` at ${status.lsn.flushed}`;
  return `stopped${at} after ${took}: ${copied}${plural(totals.rows, 'change')} in ${plural(totals.transactions, 'transaction')}${lost}`;
}

/** A readable line per event and per status, on stderr. */
export function plainView(io: Io, now: () => number = Date.now): View {
  const style = io.style.err;
  const line = (severity: LogEvent['severity'], text: string, at = now()): void => {
    const tone = severity === 'info' ? 'focus' : severity;
    const shown = severity === 'ok' || severity === 'info' ? text : style[tone](text);
    io.err(`${style.dim(clock(at))} ${style[tone](style.symbols[severity])} ${shown}`);
  };
  return {
    ...LINES,
    finding: ({ severity, message, fix }) =>
      line(severity === 'block' ? 'error' : severity, fix ? `${message} (pg2any check shows the fix)` : message),
    event: ({ severity, message, at }) => line(severity, message, at),
    status: (status) => line('info', statusLine(status), status.at),
    end: (status) => line('ok', endLine(status), status.at),
  };
}

/** One JSON object per line, on stdout. */
export function jsonView(io: Io): View {
  const line = (type: string, data: object): void => io.out(JSON.stringify({ type, ...data }));
  return {
    ...LINES,
    finding: (finding) => line('finding', finding),
    event: (event) => line('event', event),
    status: (status) => line('status', status),
    end: (status) => line('end', status),
  };
}
