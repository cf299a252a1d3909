import type { TableShape, TableState } from '../model/checkpoint.ts';
import type { Destination, TableCopy } from '../model/destination.ts';
import type { Emit } from '../model/event.ts';
import { joined } from '../model/joined.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Snapshot, SourceTable } from '../model/source.ts';
import type { Rows } from '../model/value.ts';
import type { Counters, TableCounters } from '../status/counters.ts';
import type { BatchLimits } from './batcher.ts';
import { blaming } from './blame.ts';
import type { Gate } from './gate.ts';
import { reportLost } from './lost.ts';
import { spanned } from './trace.ts';

/** A write of the copy holds this many batches: there is no latency to mind, and each costs a commit. */
const CHUNK = 2;

/** Tables copied at once; as many readers as the snapshot has. */
const WORKERS = 2;

export interface CopyPorts {
  readonly snapshot: Snapshot;
  readonly destination: Destination;
  readonly counters: Counters;
  readonly emit: Emit;
  readonly limits: BatchLimits;
  readonly gate: Gate;
  readonly signal: AbortSignal;
}

/** Rows of one table on their way: the next write is collected while others are under way. */
class Writer {
  private readonly copy: TableCopy;
  private readonly limits: BatchLimits;
  private readonly counters: TableCounters;
  private parts: Rows[] = [];
  private rows = 0;
  private bytes = 0;
  /** The oldest first. */
  private readonly writing: Promise<void>[] = [];

  constructor(copy: TableCopy, limits: BatchLimits, counters: TableCounters) {
    this.copy = copy;
    this.limits = limits;
    this.counters = counters;
  }

  async add(rows: Rows, bytes: number): Promise<void> {
    this.parts.push(rows);
    this.rows += rows.length;
    this.bytes += bytes;
    if (this.rows >= CHUNK * this.limits.rows || this.bytes >= this.limits.bytes) await this.flush();
  }

  async finish(): Promise<void> {
    await this.flush();
    for (const write of this.writing) await write;
    await this.copy.finish();
  }

  private async flush(): Promise<void> {
    while (this.writing.length >= this.copy.lanes) await this.writing.shift();
    const { parts, rows, bytes } = this;
    if (rows === 0) return;
    this.parts = [];
    this.rows = this.bytes = 0;
    const attributes = { table: this.counters.name, rows, bytes };
    const write = spanned('pg2any.copy.chunk', attributes, () => this.copy.write(joined(parts))).then(() => {
      this.counters.copiedRows += rows;
      this.counters.copiedBytes += bytes;
    });
    // Awaited with a later flush; until then it must not count as unhandled.
    write.catch(() => undefined);
    this.writing.push(write);
  }
}

async function copyTable(
  table: SourceTable,
  state: TableState,
  ports: CopyPorts,
  signal: AbortSignal,
): Promise<TableState> {
  const name = relationName(table.relation);
  const counters = ports.counters.table(name);
  counters.state = 'copying';
  counters.copyStartedAt = Date.now();
  counters.copiedRows = counters.copiedBytes = 0;
  const copy = await ports.destination.copy(table.relation, state);
  try {
    const writer = new Writer(copy, ports.limits, counters);
    for await (const chunk of ports.snapshot.read(table, signal)) {
      if (ports.gate.closed) await ports.gate.passed(signal);
      await writer.add(chunk.rows, chunk.bytes);
    }
    await writer.finish();
  } finally {
    await copy.close();
  }
  reportLost(ports.destination, ports.counters, ports.emit);
  counters.state = 'streaming';
  const seconds = Math.max(0.001, (Date.now() - counters.copyStartedAt) / 1000);
  const rate = Math.round(counters.copiedRows / seconds);
  const data = { table: name, rows: counters.copiedRows, bytes: counters.copiedBytes, seconds };
  const message = `${name}: ${counters.copiedRows.toLocaleString('en')} ${counters.copiedRows === 1 ? 'row' : 'rows'} copied in ${seconds.toFixed(1)} s (${rate.toLocaleString('en')} rows/s)`;
  ports.emit({ severity: 'ok', event: 'copy.finished', message, data });
  return { ...state, snapshot: copy.since ?? state.snapshot, state: 'copied', rows: counters.copiedRows };
}

/** As of the copy; the destination knows its own names. */
const shapeOf = ({ target, schema, name, columns }: Relation): TableShape => ({
  target,
  origin: { schema, name },
  columns: columns.flatMap(({ attnum, name, type }) =>
    attnum === null ? [] : [{ attnum, name, column: name, typeOid: type.oid, typmod: type.typmod }],
  ),
});

/** Copies the tables, several at once, the largest first; rejects with the first failure once all have stopped. */
export async function copyTables(tables: readonly SourceTable[], ports: CopyPorts): Promise<readonly TableState[]> {
  const queue = [...tables].sort((a, b) => b.bytes - a.bytes);
  const stop = new AbortController();
  const signal = AbortSignal.any([ports.signal, stop.signal]);
  const done: TableState[] = [];
  for (const table of queue) ports.counters.table(relationName(table.relation)).estimatedRows = table.estimatedRows;
  const worker = async (): Promise<void> => {
    for (let table = queue.shift(); table; table = queue.shift()) {
      signal.throwIfAborted();
      const { schema, name, oid } = table.relation;
      const state: TableState = { schema, name, oid, state: 'copying', snapshot: ports.snapshot.lsn, rows: 0 };
      const copied = await blaming(
        ports.counters,
        [table.relation],
        () => copyTable(table, state, ports, signal),
        signal,
      );
      done.push({ ...copied, shape: shapeOf(table.relation) });
    }
  };
  const stopOthers = (error: unknown): never => {
    stop.abort(error);
    throw error;
  };
  const results = await Promise.allSettled(Array.from({ length: WORKERS }, () => worker().catch(stopOthers)));
  if (ports.signal.aborted) ports.signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
  const failed = results.find((result) => result.status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  return done;
}
