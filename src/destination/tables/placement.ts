import type { KnownColumn, TableShape } from '../../model/checkpoint.ts';
import type { ColumnDefaults } from '../../model/destination.ts';
import type { Column, Relation } from '../../model/relation.ts';
import type { Dialect, ExistingColumn, ExistingTable } from '../contract.ts';
import { keepsValues } from '../values/widening.ts';

/** Where one column of a relation is at the destination. */
export interface Placed {
  /** Its name there, or the one under which it has to be added. */
  readonly name: string;
  /** Null where it has to be added. */
  readonly found: ExistingColumn | null;
  /** What was remembered of it; null for a column that is new. */
  readonly known: KnownColumn | null;
}

export interface Placement {
  /** Aligned with `relation.columns`. */
  readonly columns: readonly Placed[];
  /** Columns (by source name) that were there and are not. */
  readonly lost: readonly string[];
  /** What is remembered, corrected by what the table shows: a rename whose DDL committed is known to be done. */
  readonly known: readonly KnownColumn[];
}

/** A name for a column whose own is still taken. */
export const provisional = (attnum: number): string => `pg2any_${attnum}`;

/**
 * Finds each column by its attribute number as far as it is remembered, and by its name otherwise. Remembered names are
 * compared with those that are there, so that a rename that was interrupted, or done by hand, is seen as done. Pure.
 */
export function placeColumns(
  dialect: Dialect,
  relation: Relation,
  shape: TableShape | null,
  existing: ExistingTable,
): Placement {
  const named = (name: string | undefined): ExistingColumn | null =>
    name === undefined ? null : (existing.columns.find((one) => dialect.sameName(one.name, name)) ?? null);
  const known = new Map((shape?.columns ?? []).map((one) => [one.attnum, one]));
  const there = new Map([...known].map(([attnum, one]) => [attnum, named(one.column) ?? named(one.becoming)]));
  const taken = new Set([...there.values()].map((column) => column?.name));
  const free = (name: string | undefined): ExistingColumn | null => {
    const column = named(name);
    return column && !taken.has(column.name) ? column : null;
  };
  const lost: string[] = [];
  const columns = relation.columns.map((column): Placed => {
    const before = column.attnum === null ? undefined : known.get(column.attnum);
    if (!before) return added(column, free, named);
    if (before.ignored) return { name: '', found: null, known: before };
    const found = there.get(before.attnum) ?? free(column.name) ?? free(column.nowCalled);
    if (!found) lost.push(column.name);
    else there.set(before.attnum, found);
    return { name: found?.name ?? before.column, found, known: before };
  });
  return { columns, lost, known: [...known.values()].map((one) => corrected(one, there.get(one.attnum) ?? null)) };
}

type Look = (name: string) => ExistingColumn | null;

/** A column of that name that belongs to no other one is taken for it: it may have been added before, or by hand. */
function added({ name, attnum }: Column, free: Look, named: Look): Placed {
  const spare = attnum === null ? null : provisional(attnum);
  const found = free(name) ?? (spare === null ? null : free(spare));
  if (found) return { name: found.name, found, known: null };
  return { name: spare !== null && named(name) ? spare : name, found: null, known: null };
}

function corrected({ becoming: _, ...one }: KnownColumn, found: ExistingColumn | null): KnownColumn {
  return found && found.name !== one.column ? { ...one, column: found.name } : one;
}

/**
 * The relation with the types that its columns have at the destination by now: rows of the shape before a widening may
 * come again, and their values are values of the wider type. Pure.
 */
export function asHeld(relation: Relation, shape: TableShape | null): Relation {
  const held = new Map(shape?.columns.flatMap(({ attnum, holds }) => (holds ? [[attnum, holds] as const] : [])));
  if (held.size === 0) return relation;
  const columns = relation.columns.map((column) => {
    const holds = column.attnum === null ? undefined : held.get(column.attnum);
    return holds && keepsValues(column.type, holds) !== null ? { ...column, type: holds } : column;
  });
  return { ...relation, columns };
}

/** What to remember of the columns: of those that were remembered before no more than their wider type. Pure. */
export function remembered(
  relation: Relation,
  { known, columns }: Placement,
  unwritten: ReadonlySet<number>,
  fills: ColumnDefaults,
): readonly KnownColumn[] {
  const fresh = columns.flatMap((placed, index): KnownColumn[] => {
    const column = relation.columns[index];
    if (placed.known || !column || column.attnum === null) return [];
    if (unwritten.has(index)) return [{ ...facts(column, column.attnum), column: '', ignored: true }];
    const fill = placed.found?.hasDefault ? (fills.get(column.attnum) ?? undefined) : undefined;
    return [{ ...facts(column, column.attnum), column: placed.name, ...(fill === undefined ? {} : { fill }) }];
  });
  return [...withTypes(known, relation), ...fresh].sort((a, b) => a.attnum - b.attnum);
}

/** With the types that the columns have to hold. Pure. */
export const withTypes = (columns: readonly KnownColumn[], relation: Relation): readonly KnownColumn[] =>
  columns.map((known) => widened(known, relation));

function widened(known: KnownColumn, relation: Relation): KnownColumn {
  const type = relation.columns.find(({ attnum }) => attnum === known.attnum)?.type;
  const same = !type || known.ignored || (type.oid === known.typeOid && type.typmod === known.typmod);
  return same ? known : { ...known, holds: type };
}

/** What the source says about a column. */
export const facts = ({ name, type }: Column, attnum: number): Omit<KnownColumn, 'column'> => ({
  attnum,
  name,
  typeOid: type.oid,
  typmod: type.typmod,
});
