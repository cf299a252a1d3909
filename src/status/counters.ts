import type { Member } from '../model/destination.ts';
import { type Lsn, ZERO_LSN } from '../model/lsn.ts';
import { type Applied, noneApplied } from './distribution.ts';
import type { Failure, LostStatus, Phase, SlotStatus, TableStatus } from './status.ts';

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
  /** Null again once it worked. */
  lastError: Failure | null;
}

export interface AppliedBatch {
  readonly rows: number;
  readonly bytes: number;
  readonly transactions: number;
}

/** What failed; `problem` is the class of a value that was refused. */
type Failed = Omit<Failure, 'at'> & { readonly problem?: string | null };

const LATENCIES = 256;

const count = (by: Record<string, number>, code: string): void => {
  by[code] = (by[code] ?? 0) + 1;
};

/** Plain numbers that the data path increments; nothing here allocates per row. Read by the sampler. */
export class Counters {
  readonly startedAt: number;
  phase: Phase = 'connecting';
  slot = '';
  publication = '';
  source = '';
  destination = '';
  road = '';
  /** Each of several destinations, as it is now. */
  members: () => readonly Member[] = () => [];
  received: Lsn = ZERO_LSN;
  flushed: Lsn = ZERO_LSN;
  confirmed: Lsn = ZERO_LSN;
  /** End of the source's WAL as last seen, zero while unknown. */
  walEnd: Lsn = ZERO_LSN;
  retainedBytes: number | null = null;
  slotStatus: SlotStatus | null = null;
  /** When the source last told `walEnd` and what the slot holds back. */
  seenAt: number | null = null;
  /** Since when a person holds the pipeline; null while nobody does. */
  pausedSince: number | null = null;
  /** Commit time of the last durably applied transaction. */
  appliedCommitTime: number | null = null;
  /** The last moment at which nothing that was received waited to be applied; null before the first. */
  caughtUpAt: number | null = null;
  private idling = false;
  truncates = 0;
  transactions = 0;
  batches = 0;
  batchRows = 0;
  queueBytes = 0;
  pausedMs = 0;
  retries = 0;
  reconnects = 0;
  lastError: Failure | null = null;
  /** A table has had an error. */
  failing = false;
  readonly tables = new Map<string, TableCounters>();
  readonly applies: Applied = noneApplied();
  /** Times by error code. */
  readonly failuresBy: Record<string, number> = {};
  readonly retriesBy: Record<string, number> = {};
  readonly reconnectsBy: Record<string, number> = {};
  /** Values that no policy let pass, by class. */
  readonly refusedBy: Record<string, number> = {};
  private readonly lostByColumn = new Map<string, LostStatus>();
  private readonly latencies: number[] = [];

  constructor(now: number) {
    this.startedAt = now;
  }

  /** Nothing received waits to be applied. */
  get idle(): boolean {
    return this.idling;
  }

  set idle(now: boolean) {
    if (this.idling && !now) this.caughtUpAt = Date.now();
    this.idling = now;
  }

  /** Of one table, or of everything. */
  fail({ code, message, hint, problem }: Failed, table?: string): void {
    const failure = { code, message, hint, at: Date.now() };
    count(this.failuresBy, code);
    // What is told of a table comes again as the end of the attempt.
    if (table === undefined && problem) count(this.refusedBy, problem);
    if (table === undefined) this.lastError = failure;
    else this.table(table).lastError = failure;
    this.failing ||= table !== undefined;
  }

  /** What failed with this code is tried again. */
  retry(code: string): void {
    this.retries += 1;
    count(this.retriesBy, code);
  }

  /** Another attempt begins with new connections. */
  reconnect(code: string): void {
    this.reconnects += 1;
    count(this.reconnectsBy, code);
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
      lastError: null,
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

  applied({ rows, bytes, transactions }: AppliedBatch, milliseconds: number): void {
    if (rows > 0) {
      this.applies.seconds.observe(milliseconds / 1000);
      this.applies.rows.observe(rows);
      this.applies.bytes.observe(bytes);
    }
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
