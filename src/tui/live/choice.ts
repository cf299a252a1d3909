import type { TableStatus } from '../../status/status.ts';
import type { LiveState, Sort } from './state.ts';

const STATES: readonly TableStatus['state'][] = ['unpublished', 'copying', 'waiting', 'streaming'];

export const changesOf = ({ inserts, updates, deletes }: TableStatus): number => inserts + updates + deletes;

/** What the sort orders by, the smallest first. What fails comes first, but among names. */
function order(table: TableStatus, sort: Sort, rates: ReadonlyMap<string, number>): number {
  if (table.lastError && sort !== 'name') return -Number.MAX_VALUE;
  if (sort === 'rows/s') return -Math.round(rates.get(table.name) ?? 0);
  if (sort === 'changes') return -changesOf(table);
  return sort === 'state' ? STATES.indexOf(table.state) : 0;
}

/** The tables that the filter leaves, in order; those with the same figures by name. */
export function shownTables(state: LiveState): readonly TableStatus[] {
  const { status, filter, sort, reversed, history } = state;
  const wanted = filter.toLowerCase();
  const ranked = (status?.tables ?? [])
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map((table) => ({ table, rank: order(table, sort, history.rates.tables) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.table.name < b.table.name ? -1 : 1));
  const tables = ranked.map(({ table }) => table);
  return reversed ? tables.reverse() : tables;
}

/** Index of the selected table, the first where it is gone; -1 of none. */
export function selectedIndex(tables: readonly TableStatus[], selected: string | null): number {
  return Math.max(
    tables.findIndex(({ name }) => name === selected),
    Math.min(0, tables.length - 1),
  );
}

export const selectedTable = (state: LiveState): TableStatus | null => {
  const tables = shownTables(state);
  return tables[selectedIndex(tables, state.selected)] ?? null;
};
