import type { LogEvent } from '../../../src/model/event.ts';
import { Counters } from '../../../src/status/counters.ts';
import { sample } from '../../../src/status/sampler.ts';
import type { Status, TableStatus } from '../../../src/status/status.ts';
import type { Feed, Watcher } from '../../../src/tui/live/feed.ts';
import { type Given, initial, type LiveState } from '../../../src/tui/live/state.ts';

/** Noon, wherever the test runs. */
export const START = new Date(2026, 0, 2, 12, 0, 0).getTime();
const EMPTY = sample(new Counters(START), null, START);

export const table = (name: string, more: Partial<TableStatus> = {}): TableStatus => ({
  name,
  state: 'streaming',
  copiedRows: 0,
  copiedBytes: 0,
  estimatedRows: null,
  rowsPerSecond: 0,
  etaSeconds: null,
  inserts: 0,
  updates: 0,
  deletes: 0,
  lastChange: null,
  lastError: null,
  ...more,
});

/** A pipeline that streams, this many ms after it began. */
export function statusAt(ms: number, more: Partial<Status> = {}): Status {
  const at = START + ms;
  const tables = more.tables ?? [];
  const sum = (of: (one: TableStatus) => number): number => tables.reduce((all, one) => all + of(one), 0);
  return {
    ...EMPTY,
    at,
    phase: 'streaming',
    slot: 'pg2any_shop',
    publication: 'pg2any_shop',
    source: 'PostgreSQL 18.4',
    destination: 'MySQL 8.4.3',
    lag: { seconds: 0.4, bytes: 1_200_000, idle: false },
    retainedBytes: 18_000_000,
    slotStatus: { active: true, walStatus: 'reserved', safeBytes: null },
    seenAt: at,
    batch: { rows: 412, applyMsP50: 4, applyMsP95: 8, applyMsP99: 21 },
    ...more,
    totals: {
      ...EMPTY.totals,
      rows: sum(({ inserts, updates, deletes }) => inserts + updates + deletes),
      copiedRows: sum(({ copiedRows }) => copiedRows),
      transactions: Math.round(ms * 0.31),
      ...more.totals,
    },
  };
}

export const FAILURE = {
  code: 'TABLE_UNSUITABLE',
  message: 'public.legacy: no mapping for type "money" of column price',
  hint: 'Leave the column out with a column list of the publication.',
  at: START,
};

/** The shop after this many ms: one busy table, one quiet, one being copied, one that fails, one that waits. */
export const shop = (ms: number): readonly TableStatus[] => [
  table('public.orders', { inserts: Math.round(ms * 7.9), updates: 210, deletes: 12 }),
  table('public.customers', { inserts: 11, updates: Math.round(ms * 0.64) }),
  table('public.events', { state: 'copying', copiedRows: Math.round(ms * 41), estimatedRows: 3_100_000 }),
  table('public.legacy', { lastError: FAILURE }),
  table('audit.log', { state: 'waiting' }),
];

export const event = (at: number, severity: LogEvent['severity'], message: string): LogEvent => ({
  at: START + at,
  severity,
  event: 'test',
  message,
});

export const stateOf = (more: Partial<Given> = {}): LiveState =>
  initial({
    now: START,
    size: { columns: 80, rows: 24 },
    title: 'shop → mysql replica/shop',
    leaving: 'quit',
    canPause: true,
    ...more,
  });

/** A feed that a test plays. */
export class FakeFeed implements Feed {
  readonly leaving = 'quit';
  readonly asked: string[] = [];
  private watcher: Watcher | null = null;

  subscribe(watcher: Watcher): () => void {
    this.watcher = watcher;
    return () => {
      this.watcher = null;
    };
  }

  get watched(): boolean {
    return this.watcher !== null;
  }

  status(status: Status): void {
    this.watcher?.status(status);
  }

  event(one: LogEvent): void {
    this.watcher?.event(one);
  }

  end(): void {
    this.watcher?.end();
  }

  stop(): void {
    this.asked.push('stop');
  }

  pause(): void {
    this.asked.push('pause');
  }

  resume(): void {
    this.asked.push('resume');
  }

  async columns(table: string) {
    this.asked.push(`columns ${table}`);
    return [
      { column: 'id', sourceType: 'bigint', destinationType: 'BIGINT', key: true, note: null, lossy: null },
      { column: 'note', sourceType: 'text', destinationType: 'LONGTEXT', key: false, note: null, lossy: 'no NUL' },
    ];
  }
}
