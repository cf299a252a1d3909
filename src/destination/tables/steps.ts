import type { KnownColumn, TableShape } from '../../model/checkpoint.ts';
import { Pg2anyError } from '../../model/error.ts';
import { type Column, type Relation, relationName } from '../../model/relation.ts';
import type { SchemaRules } from '../../model/schema-rules.ts';
import type { Dialect, ExistingTable, Place } from '../contract.ts';
import { sameHome } from './move.ts';
import { provisional } from './placement.ts';

/** Whether nothing that the source changed is left to be done or to be remembered. Pure. */
export function isSettled(relation: Relation, { target, columns }: TableShape): boolean {
  if (!sameHome(target, relation.target)) return false;
  return columns.every((known) => {
    if (known.ignored) return true;
    const now = columnOf(relation, known);
    if (!now) return known.dropped === true || !relation.dropped?.includes(known.attnum);
    return sameFacts(now, known) && known.column !== provisional(known.attnum) && known.becoming === undefined;
  });
}

export const columnOf = (relation: Relation, { attnum }: KnownColumn): Column | undefined =>
  relation.columns.find((column) => column.attnum === attnum);

const sameFacts = ({ name, type }: Column, known: KnownColumn): boolean =>
  name === known.name && type.oid === known.typeOid && type.typmod === known.typmod;

/** A statement that follows a rename or a drop. */
export interface Step {
  readonly attnum: number;
  readonly from: string;
  /** Null: the column is dropped. */
  readonly to: string | null;
  readonly sql: string;
}

export interface Naming {
  readonly dialect: Dialect;
  readonly relation: Relation;
  readonly place: Place;
  readonly existing: ExistingTable;
}

/** What is remembered of the columns that are there, as far as it has anything to do with the source. Pure. */
export function present(
  columns: readonly KnownColumn[],
  { relation, existing }: Naming,
  { droppedColumns }: Pick<SchemaRules, 'droppedColumns'>,
): readonly KnownColumn[] {
  const there = columns.filter(
    (one) => one.ignored || columnOf(relation, one) || existing.columns.some(({ name }) => name === one.column),
  );
  return there.map((one) => {
    const gone = !columnOf(relation, one) && relation.dropped?.includes(one.attnum);
    return gone && droppedColumns === 'keep' ? { ...one, dropped: true } : one;
  });
}

/** The next statement, null when there is none left. Throws SCHEMA_CHANGED where a name is taken by a foreign column. */
export function nextStep(naming: Naming, columns: readonly KnownColumn[]): Step | null {
  const { dialect, relation, place, existing } = naming;
  const rename = ({ attnum, column }: KnownColumn, to: string): Step => ({
    ...{ attnum, from: column, to },
    sql: dialect.renameColumn(place, column, to),
  });
  const gone = columns.find(
    (one) => !one.dropped && !one.ignored && !columnOf(relation, one) && relation.dropped?.includes(one.attnum),
  );
  if (gone) return { attnum: gone.attnum, from: gone.column, to: null, sql: dialect.dropColumn(place, gone.column) };
  const waiting: KnownColumn[] = [];
  for (const known of columns) {
    const to = wanted(relation, known);
    if (to === known.column) continue;
    const there = existing.columns.find(({ name }) => name !== known.column && dialect.sameName(name, to));
    if (!there) return rename(known, to);
    const owner = columns.find(({ column }) => column === there.name);
    if (!owner) throw inTheWay(naming, known, to);
    if (owner.dropped) return rename(owner, aside(owner));
    waiting.push(known);
  }
  // each waits for the name of another one: one of them gives way
  const first = waiting.find(({ attnum, column }) => column !== provisional(attnum));
  return first ? rename(first, provisional(first.attnum)) : null;
}

/** All of them, one after the other. Pure. */
export function stepsOf(
  naming: Naming,
  known: readonly KnownColumn[],
  rules: Pick<SchemaRules, 'droppedColumns'>,
): readonly Step[] {
  const steps: Step[] = [];
  let { existing } = naming;
  let columns = present(known, naming, rules);
  for (let step = nextStep(naming, columns); step; step = nextStep({ ...naming, existing }, columns)) {
    const { attnum, from, to } = step;
    steps.push(step);
    columns = columns.flatMap((one) => (one.attnum !== attnum ? [one] : to === null ? [] : [{ ...one, column: to }]));
    existing = {
      ...existing,
      columns: existing.columns.flatMap((one) =>
        one.name !== from ? [one] : to === null ? [] : [{ ...one, name: to }],
      ),
    };
  }
  return steps;
}

/** A table that was adopted keeps its spelling until the source renames the column. */
function wanted(relation: Relation, known: KnownColumn): string {
  const now = columnOf(relation, known);
  if (!now || known.ignored) return known.column;
  return now.name !== known.name || known.column === provisional(known.attnum) ? now.name : known.column;
}

const aside = ({ column, attnum }: KnownColumn): string => `${[...column].slice(0, 40).join('')}_dropped_${attnum}`;

function inTheWay({ dialect, relation, place }: Naming, known: KnownColumn, to: string): Pg2anyError {
  const message = `column ${known.name} of ${relationName(relation)} is now called ${to}, and destination table ${place.sql} has another column of that name`;
  return new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: `Rename or drop the other one, then run: ${dialect.renameColumn(place, known.column, to)}; and start again.`,
  });
}
