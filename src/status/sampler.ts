import { formatLsn } from '../model/lsn.ts';
import type { Counters, TableCounters } from './counters.ts';
import type { Status, TableStatus } from './status.ts';

const rate = (now: number, before: number | undefined, seconds: number): number =>
  before === undefined || seconds <= 0 ? 0 : Math.max(0, (now - before) / seconds);

const streamed = (table: Pick<TableCounters, 'inserts' | 'updates' | 'deletes'>): number =>
  table.inserts + table.updates + table.deletes;

const sum = (tables: readonly TableCounters[], of: (table: TableCounters) => number): number =>
  tables.reduce((total, table) => total + of(table), 0);

function sampleTable(table: TableCounters, before: TableStatus | undefined, seconds: number): TableStatus {
  const copying = table.state === 'copying';
  const rowsPerSecond = copying
    ? rate(table.copiedRows, before?.copiedRows, seconds)
    : rate(streamed(table), before && streamed(before), seconds);
  const left = table.estimatedRows === null ? null : Math.max(0, table.estimatedRows - table.copiedRows);
  const { name, state, copiedRows, copiedBytes, estimatedRows, inserts, updates, deletes, lastChange } = table;
  return {
    name,
    state,
    copiedRows,
    copiedBytes,
    estimatedRows,
    rowsPerSecond,
    etaSeconds: copying && left !== null && rowsPerSecond > 0 ? left / rowsPerSecond : null,
    inserts,
    updates,
    deletes,
    lastChange,
  };
}

function lagOf(counters: Counters, now: number): Status['lag'] {
  const bytes = counters.walEnd > counters.flushed ? Number(counters.walEnd - counters.flushed) : 0;
  const known = counters.walEnd > 0n && counters.flushed > 0n;
  const time = counters.appliedCommitTime;
  const seconds = counters.idle ? 0 : time === null ? null : Math.max(0, (now - time) / 1000);
  return { seconds: counters.flushed > 0n ? seconds : null, bytes: known ? bytes : null, idle: counters.idle };
}

/** Turns counters into a status; rates are over the time since `before`. */
export function sample(counters: Counters, before: Status | null, now: number): Status {
  const seconds = before ? (now - before.at) / 1000 : 0;
  const tables = [...counters.tables.values()];
  const previous = new Map(before?.tables.map((table) => [table.name, table]));
  const { lost } = counters;
  const copiedRows = sum(tables, (table) => table.copiedRows);
  const rows = sum(tables, streamed);
  const total = rows + copiedRows;
  const totalBefore = before ? before.totals.rows + before.totals.copiedRows : undefined;
  return {
    at: now,
    startedAt: counters.startedAt,
    phase: counters.phase,
    slot: counters.slot,
    publication: counters.publication,
    destination: counters.destination,
    road: counters.road,
    lag: lagOf(counters, now),
    retainedBytes: counters.retainedBytes,
    lsn: {
      received: formatLsn(counters.received),
      flushed: formatLsn(counters.flushed),
      confirmed: formatLsn(counters.confirmed),
    },
    rowsPerSecond: rate(total, totalBefore, seconds),
    transactionsPerSecond: rate(counters.transactions, before?.totals.transactions, seconds),
    totals: {
      rows,
      copiedRows,
      inserts: sum(tables, (table) => table.inserts),
      updates: sum(tables, (table) => table.updates),
      deletes: sum(tables, (table) => table.deletes),
      truncates: counters.truncates,
      transactions: counters.transactions,
      batches: counters.batches,
      lostValues: lost.reduce((all, one) => all + one.count, 0),
    },
    batch: { rows: counters.batchRows, applyMsP50: counters.applyMs(0.5), applyMsP95: counters.applyMs(0.95) },
    queueBytes: counters.queueBytes,
    pausedSeconds: counters.pausedMs / 1000,
    retries: counters.retries,
    reconnects: counters.reconnects,
    lastError: counters.lastError,
    tables: tables.map((table) => sampleTable(table, previous.get(table.name), seconds)),
    lost,
  };
}
