import type { TableState } from '../model/checkpoint.ts';
import type { Destination } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';
import type { Counters } from '../status/counters.ts';
import { tell } from './alterations.ts';

export interface RoomPorts {
  readonly destination: Destination;
  readonly emit: Emit;
  readonly counters: Counters;
  readonly recreated: 'copy' | 'stop' | undefined;
  /** The tables that the source has now. */
  readonly selected: readonly SourceTable[];
  /** As the destination remembers them. */
  readonly known: readonly TableState[];
}

/** A new table may have the name of one that was renamed, or of one that was dropped. */
export async function makeRoom(relation: Relation, ports: RoomPorts): Promise<void> {
  const { destination, emit, counters, known } = ports;
  const inTheWay = leaving(relation, ports);
  for (const renamed of inTheWay) tell(emit, counters, renamed, (await destination.rename?.(renamed)) ?? []);
  const before = inTheWay.length === 0 ? holderOf(relation, known) : undefined;
  if (before?.state === 'copied' && ports.recreated === 'stop') throw recreated(relation);
}

/** The table whose place this one takes, after that whose place it takes itself, and so on. */
function leaving(relation: Relation, { selected, known }: RoomPorts): readonly Relation[] {
  const chain: Relation[] = [];
  for (let next: Relation | undefined = relation; next && !chain.includes(next); ) {
    chain.unshift(next);
    const holder = holderOf(next, known);
    next = selected.find((table) => table.relation.oid === holder?.oid)?.relation;
  }
  return chain.slice(0, -1);
}

const holderOf = ({ oid, schema, name, target }: Relation, known: readonly TableState[]): TableState | undefined =>
  known.find((table) => {
    if (table.oid === oid) return false;
    const home = table.shape?.target;
    return home
      ? home.schema === target.schema && home.name === target.name
      : table.schema === schema && table.name === name;
  });

function recreated(relation: Relation): Pg2anyError {
  const table = relationName(relation);
  const message = `${table} was dropped and created again, and recreatedTables is stop: the destination still has the rows of the table before`;
  return new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: `Move the destination table away, or set CDC_RECREATED_TABLES=copy, which empties it; then start again.`,
  });
}
