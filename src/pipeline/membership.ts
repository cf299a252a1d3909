import type { Pg2anyError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import { relationName } from '../model/relation.ts';
import type { Source, SourceTable } from '../model/source.ts';
import type { Counters } from '../status/counters.ts';
import { copiedFirst } from './tables.ts';
import { asking, type Watch } from './watch.ts';

/** Nobody is told when a table leaves or joins a publication: it is looked at so often, ms. */
const LOOK_MS = 30_000;

export interface MembershipPorts {
  readonly source: Pick<Source, 'tables'>;
  readonly publication: string;
  readonly counters: Counters;
  readonly emit: Emit;
  /** Tables that the configuration chooses. */
  readonly chooses: (table: SourceTable) => boolean;
  /** OIDs of tables whose rows are at the destination. */
  readonly copied: ReadonlySet<number>;
  /** OIDs of tables that left: changes may be missing, so they are copied anew should they come back. */
  readonly gone: Set<number>;
  /** A table has to be copied: ends the stream, to open it again after that. */
  readonly restart: (why: Pg2anyError) => void;
  readonly everyMs?: number;
}

/** Tells what left the publication, and has copied what joined it although no change of it has come yet. */
export function watchPublication(ports: MembershipPorts): Watch {
  let members: ReadonlyMap<number, string> = new Map();
  return asking(ports.everyMs ?? LOOK_MS, async () => {
    try {
      members = compare(members, await ports.source.tables(), ports);
    } catch {
      // The stream itself reports a lost source.
    }
  });
}

function compare(
  before: ReadonlyMap<number, string>,
  tables: readonly SourceTable[],
  ports: MembershipPorts,
): ReadonlyMap<number, string> {
  const { copied, gone, restart, chooses } = ports;
  const chosen = tables.filter(chooses).map(({ relation }) => relation);
  const published = new Set(tables.map(({ relation }) => relation.oid));
  for (const [oid, name] of before) if (!published.has(oid)) leave(oid, name, ports);
  const joined = chosen.find(({ oid }) => !copied.has(oid) || gone.has(oid));
  if (joined) restart(copiedFirst(joined));
  return new Map(chosen.filter(({ oid }) => copied.has(oid)).map((one) => [one.oid, relationName(one)]));
}

function leave(oid: number, table: string, { publication, counters, emit, gone }: MembershipPorts): void {
  gone.add(oid);
  counters.table(table).state = 'unpublished';
  const message = `${table} was dropped or is no longer in publication ${publication}: its changes do not arrive any more, its rows stay as they are`;
  emit({ severity: 'warn', event: 'table.unpublished', message, data: { table } });
}
