import type { Status, TableStatus } from '../../status/status.ts';

/** Rates are over this time: shorter ones jump, longer ones lie. */
const WINDOW_MS = 2000;
/** A bar of a sparkline stands for a second. */
const BAR_MS = 1000;
const BARS = 60;

export interface Rates {
  readonly rows: number;
  readonly transactions: number;
  readonly tables: ReadonlyMap<string, number>;
}

export interface Bars {
  readonly rows: readonly number[];
  readonly transactions: readonly number[];
  readonly tables: ReadonlyMap<string, readonly number[]>;
}

/** What a single status cannot show: how fast it goes, and how it went. */
export interface History {
  /** Of the last seconds, the oldest first. */
  readonly recent: readonly Status[];
  readonly rates: Rates;
  readonly bars: Bars;
  /** The status that the last bar ends with. */
  readonly barEnd: Status | null;
}

export const NO_HISTORY: History = {
  recent: [],
  rates: { rows: 0, transactions: 0, tables: new Map() },
  bars: { rows: [], transactions: [], tables: new Map() },
  barEnd: null,
};

const rowsOf = ({ copiedRows, inserts, updates, deletes }: TableStatus): number =>
  copiedRows + inserts + updates + deletes;

/** A table whose copy was begun anew counts from zero again. */
function ratesBetween(before: Status, now: Status): Rates {
  const seconds = (now.at - before.at) / 1000;
  const rate = (more: number): number => (seconds > 0 ? Math.max(0, more / seconds) : 0);
  const known = new Map(before.tables.map((table) => [table.name, rowsOf(table)]));
  const total = ({ totals }: Status): number => totals.rows + totals.copiedRows;
  return {
    rows: rate(total(now) - total(before)),
    transactions: rate(now.totals.transactions - before.totals.transactions),
    tables: new Map(
      now.tables.map((table) => [table.name, rate(rowsOf(table) - (known.get(table.name) ?? rowsOf(table)))]),
    ),
  };
}

const push = (values: readonly number[] | undefined, value: number): readonly number[] => [
  ...(values ?? []).slice(1 - BARS),
  value,
];

function withBar(bars: Bars, { rows, transactions, tables }: Rates): Bars {
  return {
    rows: push(bars.rows, rows),
    transactions: push(bars.transactions, transactions),
    tables: new Map([...tables].map(([name, rate]) => [name, push(bars.tables.get(name), rate)])),
  };
}

/** With one more status. A process that was started anew begins anew here, too. */
export function remember(history: History, status: Status): History {
  const before = history.recent.at(-1);
  if (before && before.startedAt !== status.startedAt) return remember(NO_HISTORY, status);
  const inWindow = history.recent.findLastIndex(({ at }) => status.at - at >= WINDOW_MS);
  const recent = [...history.recent.slice(Math.max(0, inWindow)), status];
  const rates = ratesBetween(recent[0] ?? status, status);
  const { barEnd, bars } = history;
  if (barEnd === null) return { recent, rates, bars, barEnd: status };
  if (status.at - barEnd.at < BAR_MS) return { recent, rates, bars, barEnd };
  return { recent, rates, bars: withBar(bars, ratesBetween(barEnd, status)), barEnd: status };
}
