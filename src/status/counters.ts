import { type Lsn, ZERO_LSN } from '../model/lsn.ts';
import type { LostStatus, Phase, TableStatus } from './status.ts';

/** What the hot path counts for one table. */
export interface TableCounters {
  readonly name: string;
  state: TableStatus['state'];
  copiedRows: number;
  copiedBytes: number;
  copyStartedAt: number | null;
  estimatedRows: number | null;
  inserts: number;
  updates: number;
  deletes: number;
  /** The last DDL that was run for it. */
  lastChange: { readonly sql: string; readonly at: number } | null;
}

const LATENCIES = 256;

/** Plain numbers that the data path increments; nothing here allocates per row. Read by the sampler. */
export class Counters {
  readonly startedAt: number;
  phase: Phase = 'connecting';
  slot = '';
  publication = '';
  destination = '';
  road = '';
  received: Lsn = ZERO_LSN;
  flushed: Lsn = ZERO_LSN;
  confirmed: Lsn = ZERO_LSN;
  /** End of the source's WAL as last seen, zero while unknown. */
  walEnd: Lsn = ZERO_LSN;
  retainedBytes: number | null = null;
  /** Commit time of the last durably applied transaction. */
  appliedCommitTime: number | null = null;
  /** Nothing received waits to be applied. */
  idle = true;
  truncates = 0;
  transactions = 0;
  batches = 0;
  batchRows = 0;
  queueBytes = 0;
  pausedMs = 0;
  retries = 0;
  reconnects = 0;
  lastError: { code: string; message: string; at: number } | null = null;
  readonly tables = new Map<string, TableCounters>();
  private readonly lostByColumn = new Map<string, LostStatus>();
  private readonly latencies: number[] = [];

  constructor(now: number) {
    this.startedAt = now;
  }

  table(name: string): TableCounters {
    const known = this.tables.get(name);
    if (known) return known;
    const fresh: TableCounters = {
      name,
      state: 'waiting',
      copiedRows: 0,
      copiedBytes: 0,
      copyStartedAt: null,
      estimatedRows: null,
      inserts: 0,
      updates: 0,
      deletes: 0,
      lastChange: null,
    };
    this.tables.set(name, fresh);
    return fresh;
  }

  /** Adds values that a policy replaced; true for the first of their column and class. */
  lose(lost: LostStatus): boolean {
    const id = JSON.stringify([lost.table, lost.column, lost.class, lost.policy]);
    const known = this.lostByColumn.get(id);
    this.lostByColumn.set(id, { ...lost, count: (known?.count ?? 0) + lost.count });
    return known === undefined;
  }

  get lost(): readonly LostStatus[] {
    return [...this.lostByColumn.values()];
  }

  /** A table goes on under another name. */
  rename(from: string, to: string): void {
    const known = this.tables.get(from);
    if (!known || from === to) return;
    this.tables.delete(from);
    this.tables.set(to, { ...known, name: to });
  }

  applied(rows: number, transactions: number, milliseconds: number): void {
    this.batches += 1;
    this.batchRows = rows;
    this.transactions += transactions;
    this.latencies[this.batches % LATENCIES] = milliseconds;
  }

  /** Apply time in ms below which the share `q` of the last batches stayed; null before the first batch. */
  applyMs(q: number): number | null {
    const sorted = this.latencies.filter((ms) => ms !== undefined).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? null;
  }
}
