import type { Checkpoint, TableState } from '../model/checkpoint.ts';
import type { Emit } from '../model/event.ts';
import { formatLsn, type Lsn, maxLsn } from '../model/lsn.ts';
import { relationName } from '../model/relation.ts';
import type { Snapshot, SourceTable } from '../model/source.ts';
import { tell } from './alterations.ts';
import { blaming } from './blame.ts';
import { copyTables } from './copy.ts';
import { type AttemptPorts, type Memory, type PipelineOptions, routed } from './options.ts';
import { makeRoom } from './room.ts';
import { toBeCopied } from './told.ts';

/** Where a life of the pipeline begins. */
export interface Start {
  readonly checkpoint: Checkpoint;
  /** The snapshot of a slot that was just created. */
  readonly snapshot: Snapshot | null;
}

/** Copies tables that are not copied yet; returns the state of all. */
export async function copyMissing(
  options: PipelineOptions,
  ports: AttemptPorts,
  memory: Memory,
  start: Start,
): Promise<readonly TableState[]> {
  const { source, destination, counters } = ports;
  const { tables } = start.checkpoint;
  const known = new Map(tables.map((table) => [table.oid, table]));
  const selected = (await source.tables()).flatMap((table) => routed(table, options, known));
  const back = new Set(selected.map(({ relation }) => relation.oid).filter((oid) => memory.gone.has(oid)));
  const copied = tables.filter((table) => table.state === 'copied' && !back.has(table.oid));
  destination.admit?.(selected.map((table) => table.relation));
  if (options.snapshot === 'never') return copied;
  const oids = new Set(copied.map((table) => table.oid));
  for (const table of selected) counters.table(relationName(table.relation)).state = 'streaming';
  const missing = selected.filter((table) => !oids.has(table.relation.oid));
  if (missing.length === 0) return copied;
  for (const { relation } of missing)
    await makeRoom(relation, { ...ports, recreated: options.recreatedTables, selected, known: tables });
  counters.phase = 'snapshot';
  for (const table of missing) counters.table(relationName(table.relation)).state = 'waiting';
  for (const table of missing) {
    await profile(table, ports);
    await prepare(table, ports);
  }
  const snapshot = start.snapshot ?? (await source.snapshot());
  try {
    announce(missing, snapshot.lsn, ports.emit);
    const fresh = await copyTables(missing, { snapshot, ...ports, limits: options.limits });
    for (const oid of back) memory.gone.delete(oid);
    // changes may be needed from further back: the copied rows are no state of the source before their snapshot
    if (memory.until !== null) memory.until = maxLsn(memory.until, snapshot.lsn);
    return [...copied, ...fresh.map((state) => withOrigin(state, known.get(state.oid)))];
  } finally {
    if (snapshot !== start.snapshot) await snapshot.close();
  }
}

/** Before a table is created whose types depend on what is in it. */
async function profile({ relation }: SourceTable, { source, destination }: AttemptPorts): Promise<void> {
  const columns = destination.profiles?.(relation) ?? [];
  if (columns.length > 0 && source.widest) destination.learn?.(relation, await source.widest(relation, columns));
}

async function prepare(table: SourceTable, { destination, counters, emit }: AttemptPorts): Promise<void> {
  const { relation } = table;
  const prepared = await blaming(counters, [relation], () => destination.prepare(relation, toBeCopied(relation)));
  const name = relationName(table.relation);
  const message = `${name}: destination ${prepared.kind ?? 'table'} ${prepared.table} ${prepared.action}, rows go by ${prepared.road}`;
  emit({
    severity: 'ok',
    event: `table.${prepared.action}`,
    message,
    data: { table: name, sql: prepared.sql.join('; ') },
  });
  // no row of an earlier shape comes any more
  if (prepared.deferred) tell(emit, counters, table.relation, (await destination.settle(table.relation)).done);
}

/** A copy that was begun under an earlier name goes on being chosen by it. */
function withOrigin(fresh: TableState, before: TableState | undefined): TableState {
  const origin = before?.shape?.origin;
  return fresh.shape && origin ? { ...fresh, shape: { ...fresh.shape, origin } } : fresh;
}

function announce(tables: readonly SourceTable[], at: Lsn, emit: Emit): void {
  const rows = tables.reduce((sum, table) => sum + (table.estimatedRows ?? 0), 0);
  const about = rows > 0 ? `, about ${Math.round(rows).toLocaleString('en')} rows` : '';
  const message = `copying ${tables.length} tables${about}, as of ${formatLsn(at)}`;
  emit({ severity: 'info', event: 'copy.started', message, data: { tables: tables.length, rows } });
}
