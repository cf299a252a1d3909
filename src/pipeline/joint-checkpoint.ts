import type { Checkpoint, TableState } from '../model/checkpoint.ts';
import { minLsn } from '../model/lsn.ts';

/**
 * What several destinations remember together: the lowest position, and of each table that it is copied if it is so
 * everywhere. Names and columns are as the first one knows them. Pure.
 */
export function jointCheckpoint(all: readonly Checkpoint[]): Checkpoint | null {
  const [first, ...others] = all;
  if (!first) return null;
  const { flushed, timeline } = others.reduce((lowest, one) => (one.flushed < lowest.flushed ? one : lowest), first);
  const tables = new Map(all.flatMap((one) => one.tables.map((table) => [table.oid, table] as const)).reverse());
  return { flushed, timeline, tables: [...tables.values()].map((table) => joint(table, all)) };
}

function joint(table: TableState, all: readonly Checkpoint[]): TableState {
  const states = all.map(({ tables }) => tables.find(({ oid }) => oid === table.oid));
  const copied = states.every((one) => one?.state === 'copied');
  const snapshot = states.reduce((lsn, one) => (one ? minLsn(lsn, one.snapshot) : lsn), table.snapshot);
  const shape = table.shape ?? states.find((one) => one?.shape)?.shape ?? null;
  return { ...table, snapshot, shape, state: copied ? 'copied' : 'copying' };
}
