import { formatLsn, maxLsn } from '../model/lsn.ts';
import type { Counters, TableCounters } from './counters.ts';
import type { DestinationStatus, Phase, Status, TableStatus } from './status.ts';

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
  const { name, state, copiedRows, copiedBytes, estimatedRows, inserts, updates, deletes } = table;
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
    lastChange: table.lastChange,
    lastError: table.lastError,
  };
}

/** What the destination stands for: its last commit, or a later moment at which nothing was waiting. */
function upToDateAt({ idle, pausedSince, caughtUpAt, appliedCommitTime }: Counters): number | null {
  const known = [appliedCommitTime, idle ? pausedSince : caughtUpAt].filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** A person may hold it wherever it would go on. */
const phaseOf = ({ phase, pausedSince }: Counters): Phase =>
  pausedSince !== null && (phase === 'streaming' || phase === 'snapshot' || phase === 'retrying') ? 'paused' : phase;

function lagOf(counters: Counters, now: number): Status['lag'] {
  // What the stream has brought is newer than what was asked for.
  const end = maxLsn(counters.walEnd, counters.received);
  const bytes = end > counters.flushed ? Number(end - counters.flushed) : 0;
  const known = counters.walEnd > 0n && counters.flushed > 0n;
  const idle = counters.idle && counters.pausedSince === null;
  const time = upToDateAt(counters);
  const seconds = idle ? 0 : time === null ? null : Math.max(0, (now - time) / 1000);
  return { seconds: counters.flushed > 0n ? seconds : null, bytes: known ? bytes : null, idle };
}

/** Each of several destinations. */
function destinationsOf({ members, walEnd, received, idle }: Counters): DestinationStatus[] {
  const end = maxLsn(walEnd, received);
  return members().map(({ name, product, flushed, failure }) => {
    const known = walEnd > 0n && flushed > 0n;
    // what nobody sends, such as the WAL of other databases, is nothing to be behind of
    const behindBytes = !known ? null : idle || end <= flushed ? 0 : Number(end - flushed);
    return { name, product, flushed: formatLsn(flushed), behindBytes, failure };
  });
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
    phase: phaseOf(counters),
    slot: counters.slot,
    publication: counters.publication,
    source: counters.source,
    destination: counters.destination,
    road: counters.road,
    destinations: destinationsOf(counters),
    lag: lagOf(counters, now),
    retainedBytes: counters.retainedBytes,
    slotStatus: counters.slotStatus,
    seenAt: counters.seenAt,
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
    batch: {
      rows: counters.batchRows,
      applyMsP50: counters.applyMs(0.5),
      applyMsP95: counters.applyMs(0.95),
      applyMsP99: counters.applyMs(0.99),
    },
    queueBytes: counters.queueBytes,
    pausedSeconds: counters.pausedMs / 1000,
    retries: counters.retries,
    reconnects: counters.reconnects,
    failuresBy: { ...counters.failuresBy },
    refusedBy: { ...counters.refusedBy },
    retriesBy: { ...counters.retriesBy },
    reconnectsBy: { ...counters.reconnectsBy },
    lastError: counters.lastError,
    tables: tables.map((table) => sampleTable(table, previous.get(table.name), seconds)),
    lost,
  };
}
