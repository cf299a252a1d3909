import type { TableState } from '../model/checkpoint.ts';
import type { Destination } from '../model/destination.ts';
import type { Emit } from '../model/event.ts';
import type { Lsn } from '../model/lsn.ts';
import type { Source, SourceTable } from '../model/source.ts';
import type { Counters } from '../status/counters.ts';
import type { Transform } from '../transform/transform.ts';
import type { BatchLimits } from './batcher.ts';
import type { Gate } from './gate.ts';
import { type Choice, choose } from './tables.ts';

export interface PipelineOptions {
  readonly slot: string;
  readonly publication: string;
  /** `never`: stream only; `only`: stop after the initial copy. */
  readonly snapshot: 'initial' | 'never' | 'only';
  /** `now`: everything that is durable at the source when the first attempt connects. */
  readonly until: 'now' | Lsn | null;
  readonly transform: Transform;
  /** Where tables go that are replicated under another name than they were chosen by; as `transform`, without a choice. */
  readonly route?: Transform;
  /** Tables that were dropped and created again; copied again unless told otherwise. */
  readonly recreatedTables?: 'copy' | 'stop';
  readonly limits: BatchLimits;
  /** How long a stop waits for the batch in hand, ms. */
  readonly drainMs?: number;
  /** How often the publication is looked at, ms. */
  readonly publicationMs?: number;
}

export interface AttemptPorts {
  readonly source: Source;
  readonly destination: Destination;
  readonly counters: Counters;
  readonly emit: Emit;
  readonly gate: Gate;
  readonly signal: AbortSignal;
}

/** What one attempt tells the next. */
export interface Memory {
  /** Resolved `until`, once known. */
  until: Lsn | null;
  /** Tables (OIDs) whose copy the stream asked for. */
  readonly asked: Set<number>;
  /** Tables (OIDs) that left the publication. */
  readonly gone: Set<number>;
  /** What was looked up again (`Pg2anyError.lookAgain`). */
  readonly looked: Set<string>;
  /** Both servers were reached and the pipeline was set up at least once. */
  connected: boolean;
  /** It waits for the slot of another instance, and has said so. */
  standby: boolean;
}

export const choiceOf = ({ transform, route }: PipelineOptions): Choice => ({
  transform,
  route: route ?? ((one) => one),
});

/** The table as it is routed; none where it was not chosen. */
export function routed(
  table: SourceTable,
  options: PipelineOptions,
  known: ReadonlyMap<number, TableState>,
): SourceTable[] {
  const relation = choose(choiceOf(options), table.relation, known.get(table.relation.oid));
  return relation ? [{ ...table, relation }] : [];
}
