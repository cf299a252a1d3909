import type { Destination, OutdatedName } from '../model/destination.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import { formatLsn, type Lsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Counters } from '../status/counters.ts';
import { tell } from './alterations.ts';
import { pause, pauseMs } from './backoff.ts';
import type { ReadyBatch } from './batcher.ts';
import { blaming } from './blame.ts';
import { countChanges } from './count.ts';
import { reportLost } from './lost.ts';
import { prepareTold, type Untold } from './told.ts';
import { spanned } from './trace.ts';

export interface ApplierPorts {
  readonly destination: Destination;
  readonly counters: Counters;
  readonly emit: Emit;
  readonly untold: Untold;
  /** The next batch, or null when there is none yet. */
  readonly next: () => ReadyBatch | null;
  /** Everything before this LSN is durable. */
  readonly durable: (flushed: Lsn) => void;
  readonly signal: AbortSignal;
}

/**
 * Applies one batch after the other. While one is on its way the source is read on, so that the next one is whatever
 * has arrived by then: a slow destination makes large batches, a fast one small ones, and nothing waits for a timer.
 */
export class Applier {
  private readonly ports: ApplierPorts;
  private readonly prepared = new Map<number, Relation>();
  /** Tables whose change the destination follows once the batch in hand is durable. */
  private readonly unsettled = new Map<number, Relation>();
  /** Renamed tables whose name is still taken at the destination. */
  private readonly waiting = new Map<number, Relation>();
  private running: Promise<void> = Promise.resolve();
  private active = false;
  private failure: unknown = null;
  /** The destination holds an open transaction with pieces that are no longer in memory. */
  private pieces = false;
  /** Failed tries since the last success. */
  private failures = 0;

  constructor(ports: ApplierPorts) {
    this.ports = ports;
  }

  /** Starts applying unless it is under way. `failed` is called once, with what made it stop. */
  kick(failed: (error: unknown) => void): void {
    if (this.active || this.failure) return;
    this.active = true;
    this.running = this.run(failed);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.active) await this.running;
  }

  private async run(failed: (error: unknown) => void): Promise<void> {
    try {
      for (let batch = this.ports.next(); batch; batch = this.ports.next()) {
        await this.perform(batch);
        if (this.ports.signal.aborted) return;
      }
    } catch (error) {
      this.failure = error;
      failed(error);
    } finally {
      // In the same turn in which `next` had nothing: a chunk that comes later must find it free.
      this.active = false;
    }
  }

  private async perform(batch: ReadyBatch): Promise<void> {
    this.ports.destination.expect?.(batch);
    for (const relation of batch.relations) {
      if (this.prepared.get(relation.oid) === relation) continue;
      await blaming(this.ports.counters, [relation], () => this.prepare(relation, batch.relations));
    }
    const started = performance.now();
    const { rows, bytes, transactions, end } = batch;
    const attributes = { rows, bytes, transactions, ...(end === null ? {} : { lsn: formatLsn(end) }) };
    await spanned('pg2any.batch', attributes, () => this.applyWithRetry(batch));
    this.count(batch, performance.now() - started);
    this.pieces = batch.end === null;
    if (batch.end === null) return;
    this.ports.durable(batch.end);
    if (this.unsettled.size > 0) await this.settle();
  }

  /** What waits for another table is tried again whenever one was renamed. */
  private async settle(): Promise<void> {
    const { destination, emit, counters } = this.ports;
    for (const relation of this.unsettled.values()) {
      const { done, waiting } = await destination.settle(relation);
      this.unsettled.delete(relation.oid);
      tell(emit, counters, relation, done);
      if (done.some(({ event }) => event === 'table.renamed')) {
        for (const [oid, one] of this.waiting) this.unsettled.set(oid, one);
        this.waiting.clear();
      }
      if (waiting) this.wait(relation);
    }
  }

  private wait(relation: Relation): void {
    this.waiting.set(relation.oid, relation);
    const table = relationName(relation);
    const message = `${table}: its destination table keeps its name for now, because another table has the new one`;
    this.ports.emit({ severity: 'warn', event: 'table.waiting', message, data: { table } });
  }

  private async prepare(relation: Relation, all: ReadonlySet<Relation>): Promise<void> {
    const { destination, emit, counters, untold } = this.ports;
    // also where it fails: what was replaced in the defaults of added columns is recorded by then
    const earlier = [...all].find(({ oid }) => oid === relation.oid) !== relation;
    const told = prepareTold(destination, relation, untold, earlier);
    const done = await told.finally(() => reportLost(destination, counters, emit));
    const before = this.prepared.get(relation.oid);
    if (before) counters.rename(relationName(before), relationName(relation));
    if (!done.again) this.prepared.set(relation.oid, relation);
    // the place that an earlier shape waits for is none of its own any more
    this.waiting.delete(relation.oid);
    for (const one of done.outdated ?? []) this.outdated(one);
    if (done.deferred) this.unsettled.set(relation.oid, relation);
    if (done.action === 'unchanged' || done.action === 'adopted') return;
    const message = `${relationName(relation)}: destination ${done.kind ?? 'table'} ${done.table} ${done.action}`;
    tell(emit, counters, relation, [{ event: `table.${done.action}`, message, sql: done.sql.join('; ') }]);
  }

  private outdated({ configured, now }: OutdatedName): void {
    const message = `columns names ${configured}, which is called ${now} by now: its rule still holds, but a copy that is begun anew would not know it; change the name in the configuration`;
    this.ports.emit({ severity: 'warn', event: 'config.outdated', message, data: { configured, now } });
  }

  private async applyWithRetry(batch: ReadyBatch): Promise<void> {
    for (;;) {
      try {
        await blaming(this.ports.counters, batch.relations, () =>
          spanned('pg2any.apply', { rows: batch.rows }, () => this.ports.destination.apply(batch)),
        );
        this.failures = 0;
        return;
      } catch (error) {
        const failure = asPg2anyError(error);
        if (!failure.retry || failure.code === 'STREAM_RESTART') throw failure;
        if (await this.recovered(failure, batch)) return;
      }
    }
  }

  /** Opens a new session, however long it takes. True when the batch turns out to be durable: only the answer was lost. */
  private async recovered(failure: Pg2anyError, batch: ReadyBatch): Promise<boolean> {
    const flushed = await this.reconnected(failure);
    if (batch.end !== null && flushed >= batch.end) return true;
    // The earlier pieces of this transaction were rolled back and are gone from memory.
    if (this.pieces)
      throw new Pg2anyError('STREAM_RESTART', 'a large transaction has to be read again', { cause: failure });
    return false;
  }

  private async reconnected(first: Pg2anyError): Promise<Lsn> {
    const { counters, emit, destination, signal } = this.ports;
    const { phase } = counters;
    counters.phase = 'retrying';
    let failure = first;
    for (;;) {
      this.failures += 1;
      const wait = pauseMs(this.failures, Math.random());
      counters.retry(failure.code);
      counters.fail(failure);
      const data = { code: failure.code, attempt: this.failures, pauseMs: wait };
      emit({
        severity: 'warn',
        event: 'destination.retry',
        message: `${failure.message}; retry in ${(wait / 1000).toFixed(1)} s`,
        data,
      });
      await pause(wait, signal);
      if (signal.aborted) throw failure;
      try {
        const flushed = await destination.reconnect();
        counters.phase = phase;
        emit({ severity: 'ok', event: 'destination.back', message: 'destination is back, nothing is repeated' });
        return flushed;
      } catch (error) {
        failure = asPg2anyError(error);
        if (!failure.retry) throw failure;
      }
    }
  }

  private count(batch: ReadyBatch, milliseconds: number): void {
    const { counters } = this.ports;
    countChanges(counters, batch.changes);
    reportLost(this.ports.destination, counters, this.ports.emit);
    counters.applied(batch, milliseconds);
    if (batch.commitTime !== null) counters.appliedCommitTime = batch.commitTime;
  }
}
