import type { Checkpoint } from '../../model/checkpoint.ts';
import { EXIT } from '../../model/error-codes.ts';
import type { DestinationOverview, Overview, Part } from './overview.ts';

/** WAL between the checkpoint and the end of the source's; null where either is unknown. */
export function behindBytes({ source }: Overview, destination: Part<DestinationOverview>): number | null {
  const flushed = destination.found?.checkpoint?.flushed;
  if (flushed === undefined || !source.found) return null;
  const { walEnd } = source.found;
  return walEnd > flushed ? Number(walEnd - flushed) : 0;
}

export interface CopiedTable {
  /** `schema.table` at the source. */
  readonly table: string;
  readonly state: 'copying' | 'copied';
  /** Rows that the initial copy wrote. */
  readonly rows: number;
}

export const checkpointTables = ({ tables }: Checkpoint): readonly CopiedTable[] =>
  tables
    .map(({ schema, name, state, rows }) => ({ table: `${schema}.${name}`, state, rows }))
    .sort((a, b) => (a.table < b.table ? -1 : 1));

/** A server that cannot be reached, or why the pipeline cannot go on; that no process runs here is no failure. */
export const exitCode = ({ source, destination, mirror, problem }: Overview): number =>
  (source.error ?? destination.error ?? mirror?.error ?? problem)?.exitCode ?? EXIT.ok;
