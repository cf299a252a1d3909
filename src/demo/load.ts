import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DELETES } from './deletes.ts';
import { INSERTS } from './inserts.ts';
import { type Counts, DEFAULT_MIX, type Kind, type Mix, nextKind } from './mix.ts';
import type { Draw, Operation, Statement } from './operation.ts';
import { createRandom, type Random } from './random.ts';
import { UPDATES } from './updates.ts';

export interface LoadOptions {
  readonly url: string;
  /** Row changes. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Ends after so many row changes instead of rate × seconds of them. */
  readonly rows?: number;
  readonly mix?: Mix;
  readonly seed?: number;
  /** Ends the load after the transaction in hand; not an error. */
  readonly signal?: AbortSignal;
  /** Once a second, and at the end. */
  readonly onProgress?: (progress: LoadResult) => void;
}

/** Committed row changes so far. */
export interface LoadResult {
  readonly seconds: number;
  readonly rows: number;
  readonly changes: Readonly<Counts>;
  readonly transactions: number;
  readonly rolledBack: number;
}

const OPERATIONS: Readonly<Record<Kind, readonly Operation[]>> = { insert: INSERTS, update: UPDATES, delete: DELETES };

/** Above this rate statements take more rows each, so that round trips do not limit it. */
const RATE_PER_SCALE = 2000;
const MOST_OPERATIONS = 5;
/** One transaction in so many is rolled back. */
const ROLLBACKS = 40;

/**
 * Changes rows of the shop at about this rate: multi-row transactions on one connection, changed keys, rollbacks, updates
 * that leave large values alone. The same seed on the same database makes the same changes in the same order; it ends
 * after rate × seconds changes, or after `seconds` where the server is slower.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: 'pg2any load',
    options: '-c timezone=UTC',
  });
  // A broken connection rejects the query in hand as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await new Load(client, options, await drawFrom(client, options)).run();
  } finally {
    await client.end().catch(() => undefined);
  }
}

const LAST = `SELECT (SELECT coalesce(max(id), 0) FROM orders)::int AS orders, (SELECT coalesce(max(id), 0) FROM events)::int AS events,
  (SELECT coalesce(max(id), 0) FROM product_documents)::int AS documents,
  (SELECT sum(last_value) FROM pg_sequences WHERE schemaname = 'public')::int AS used`;

/** Sequences only grow, so a later load of the same database continues with other serial numbers. */
async function drawFrom(client: pg.Client, options: LoadOptions): Promise<Draw> {
  const last = (await client.query<Draw['last'] & { used: number }>(LAST)).rows[0];
  if (!last) throw new Error('the shop is empty');
  const random: Random = createRandom(options.seed ?? 1);
  const scale = Math.max(1, Math.round(options.ratePerSecond / RATE_PER_SCALE));
  let serial = last.used;
  return { ...random, last, serial: () => ++serial, rows: (most) => 1 + random.int(most * scale) };
}

class Load {
  private readonly client: pg.Client;
  private readonly options: LoadOptions;
  private readonly draw: Draw;
  private readonly startedAt = performance.now();
  private changes: Counts = { insert: 0, update: 0, delete: 0 };
  private readonly names = new Map<string, string>();
  private transactions = 0;
  private rolledBack = 0;
  private reported = 0;

  constructor(client: pg.Client, options: LoadOptions, draw: Draw) {
    this.client = client;
    this.options = options;
    this.draw = draw;
  }

  async run(): Promise<LoadResult> {
    while (!this.isDone()) {
      await this.transaction();
      this.report();
      await this.keepPace();
    }
    this.options.onProgress?.(this.result());
    return this.result();
  }

  private isDone(): boolean {
    const { seconds, ratePerSecond, rows = seconds * ratePerSecond, signal } = this.options;
    return signal?.aborted === true || this.elapsed() >= seconds || this.rows() >= rows;
  }

  private async transaction(): Promise<void> {
    const { draw } = this;
    const undone = draw.int(ROLLBACKS) === 0;
    const changes: Counts = { ...this.changes };
    await this.client.query('BEGIN');
    for (let left = 1 + draw.int(MOST_OPERATIONS); left > 0; left--) {
      const operation = draw.pick(OPERATIONS[nextKind(this.options.mix ?? DEFAULT_MIX, changes)]);
      for (const statement of operation.statements(draw)) count(await this.prepared(statement), changes);
    }
    await this.client.query(undone ? 'ROLLBACK' : 'COMMIT');
    if (undone) {
      this.rolledBack++;
    } else {
      this.transactions++;
      this.changes = changes;
    }
  }

  /** Parsed once per connection. */
  private async prepared({ text, values }: Statement): Promise<pg.QueryResult> {
    const name = this.names.get(text) ?? `load_${this.names.size}`;
    this.names.set(text, name);
    return await this.client.query({ name, text, values: [...values] });
  }

  private async keepPace(): Promise<void> {
    const ahead = (this.rows() / this.options.ratePerSecond - this.elapsed()) * 1000;
    const { signal } = this.options;
    if (ahead > 1) await sleep(Math.min(ahead, 1000), undefined, signal ? { signal } : {}).catch(() => undefined);
  }

  private report(): void {
    const second = Math.floor(this.elapsed());
    if (second <= this.reported) return;
    this.reported = second;
    this.options.onProgress?.(this.result());
  }

  private rows(): number {
    return this.changes.insert + this.changes.update + this.changes.delete;
  }

  private elapsed(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  private result(): LoadResult {
    const { transactions, rolledBack } = this;
    return { seconds: this.elapsed(), rows: this.rows(), changes: { ...this.changes }, transactions, rolledBack };
  }
}

function count(result: pg.QueryResult, changes: Counts): void {
  changes[result.command.toLowerCase() as Kind] += result.rowCount ?? 0;
}
