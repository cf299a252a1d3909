import { setTimeout as sleep } from 'node:timers/promises';
import type { Relation } from '../model/relation.ts';
import { Barrier } from './barrier.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Clock, VerifyDestination, VerifyOptions, VerifySource } from './ports.ts';
import type { TableResult, VerifyResult } from './result.ts';
import { verifyTable } from './table.ts';

const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => await sleep(ms, undefined, { signal }),
};

/**
 * A position of an idle source reaches the checkpoint within ten seconds; a destination that stands still for longer
 * has nobody who writes to it.
 */
const GRACE_MS = 12_000;

export const VERIFY_DEFAULTS: Omit<VerifyOptions, 'signal'> = {
  examples: 5,
  maxDifferences: 10_000,
  cells: 196_608,
  graceMs: GRACE_MS,
  clock: CLOCK,
  onProgress: () => undefined,
};

export type VerifySettings = Pick<VerifyOptions, 'signal'> & Partial<VerifyOptions>;

/** Compares these tables one after the other. `onTable` is called as each is done. */
export async function verify(
  source: VerifySource,
  destination: VerifyDestination,
  relations: readonly Relation[],
  settings: VerifySettings,
  onTable: (result: TableResult) => void = () => undefined,
): Promise<VerifyResult> {
  const options: VerifyOptions = { ...VERIFY_DEFAULTS, ...settings };
  const flushed = async () => await destination.flushed();
  const barrier = new Barrier(flushed, options.clock, options.graceMs, options.signal);
  const startedAt = options.clock.now();
  const tables: TableResult[] = [];
  for (const relation of relations) {
    const reader = destination.reader(relation);
    const look = { relation, source, reader, barrier, fingerprint: fingerprintOf(relation), options };
    const result = await verifyTable(look);
    tables.push(result);
    onTable(result);
  }
  return { ...total(tables), caughtUp: !barrier.stands, seconds: (options.clock.now() - startedAt) / 1000 };
}

function total(tables: readonly TableResult[]) {
  const sum = (of: (table: TableResult) => number): number => tables.reduce((all, table) => all + of(table), 0);
  return {
    tables,
    rows: sum((table) => table.rows),
    differences: sum((table) => table.differences),
    complete: tables.every((table) => table.complete),
  };
}
