import type { Batch } from '../../src/model/batch.ts';
import type { Checkpoint } from '../../src/model/checkpoint.ts';
import type { Destination } from '../../src/model/destination.ts';
import { type Lsn, ZERO_LSN } from '../../src/model/lsn.ts';
import type { Rows } from '../../src/model/value.ts';

/** Takes everything and keeps nothing but counts: what remains of memory and time is the source's and pipeline's. */
export class NullDestination implements Destination {
  rows = 0;
  batches = 0;
  /** Characters of the longest value. */
  longest = 0;
  private flushed: Lsn = ZERO_LSN;

  async connect() {
    return { product: 'Nothing', version: '1', road: 'oblivion' };
  }

  async claim(): Promise<Checkpoint | null> {
    return null;
  }

  async begin(flushed: Lsn) {
    this.flushed = flushed;
  }

  async peek() {
    return null;
  }

  async prepare() {
    return { action: 'unchanged' as const, table: 'nothing', sql: [], road: 'oblivion' };
  }

  async uncopy() {}

  async settle() {
    return { done: [], waiting: false };
  }

  async plan() {
    return [];
  }

  mapping() {
    return [];
  }

  async inspect() {
    return [];
  }

  async copy() {
    return {
      lanes: 1,
      write: async (rows: Rows) => {
        this.rows += rows.length;
        for (const row of rows) this.measure(row);
      },
      finish: async () => undefined,
      close: async () => undefined,
    };
  }

  async apply(batch: Batch) {
    this.rows += batch.rows;
    this.batches += 1;
    for (const change of batch.changes) if ('after' in change) this.measure(change.after);
    if (batch.end !== null) this.flushed = batch.end;
  }

  async reconnect() {
    return this.flushed;
  }

  reader(): never {
    throw new Error('there is nothing to read');
  }

  async forget() {}

  async close() {}

  private measure(row: readonly unknown[]): void {
    for (const value of row) if (typeof value === 'string') this.longest = Math.max(this.longest, value.length);
  }
}
