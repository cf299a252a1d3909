import type { Look } from '../replication.ts';
import type { Status, TableStatus } from '../status/status.ts';
import { count, plural, seconds } from '../tui/format.ts';
import type { Symbols } from '../tui/theme.ts';
import { bar } from './bar.ts';
import type { Io } from './io.ts';

/** The copy of all tables as a bar, weighed by the rows that the planner expects in them. */
export function copyBar({ tables, rowsPerSecond, totals }: Status, symbols: Symbols): string {
  const weight = ({ estimatedRows, copiedRows }: TableStatus) => Math.max(1, estimatedRows ?? 0, copiedRows);
  const known = ({ state, copiedRows, estimatedRows }: TableStatus) =>
    state === 'streaming' ? Number.POSITIVE_INFINITY : estimatedRows === null ? 0 : copiedRows;
  const total = tables.reduce((sum, table) => sum + weight(table), 0);
  const copied = tables.reduce((sum, table) => sum + Math.min(known(table), weight(table)), 0);
  const done = tables.filter(({ state }) => state === 'streaming').length;
  const left = rowsPerSecond > 0 ? [`${seconds((total - copied) / rowsPerSecond)} left`] : [];
  return [
    bar(total === 0 ? 0 : copied / total, symbols),
    ...left,
    `${done} of ${plural(tables.length, 'table')}`,
    `${count(totals.copiedRows)} rows`,
    `${count(rowsPerSecond)} rows/s`,
  ].join('  ');
}

const BAR_MS = 500;

/** Shows the bar while tables are copied, on a terminal; elsewhere nothing is looked at. */
export function copyProgress(io: Io): { readonly onLook: (look: Look) => void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  let last: Status | null = null;
  const show = (status: Status): void => {
    last = status;
    if (status.phase === 'snapshot') io.progress(copyBar(status, io.style.err.symbols));
  };
  return {
    onLook: (look) => {
      if (io.replacesLines) timer = setInterval(() => show(look(last)), BAR_MS).unref();
    },
    end: () => clearInterval(timer),
  };
}
