import type { KnownColumn, TableShape } from '../model/checkpoint.ts';
import type { Alteration } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import { type Column, type Relation, relationName } from '../model/relation.ts';
import type { Dialect, Engine, ExistingTable, Place, Session } from './contract.ts';
import { inTransaction } from './ledger.ts';
import { facts, placeColumns, provisional } from './placement.ts';

export interface SettleOptions {
  readonly droppedColumns: 'keep' | 'drop';
  /** Makes it durable; inside the transaction of the DDL where there is one. Throws FENCED. */
  readonly remember: (shape: TableShape) => Promise<void>;
}

/** Whether nothing that the source changed is left to be done or to be remembered. Pure. */
export function isSettled(relation: Relation, { columns }: TableShape): boolean {
  return columns.every((known) => {
    const now = columnOf(relation, known);
    if (!now) return known.dropped === true || !relation.dropped?.includes(known.attnum);
    return sameFacts(now, known) && known.column !== provisional(known.attnum) && known.becoming === undefined;
  });
}

const columnOf = (relation: Relation, { attnum }: KnownColumn): Column | undefined =>
  relation.columns.find((column) => column.attnum === attnum);

const sameFacts = ({ name, type }: Column, known: KnownColumn): boolean =>
  name === known.name && type.oid === known.typeOid && type.typmod === known.typmod;

/**
 * Does at the destination what the source did to names and columns. Only when the checkpoint is past the transaction
 * that did it: rows of the shape before never come again. One statement after the other, and each is announced before
 * and remembered after it, so that a crash at any point leaves a table that is understood.
 */
export async function settleTable(
  engine: Engine,
  session: Session,
  relation: Relation,
  before: TableShape,
  options: SettleOptions,
): Promise<readonly Alteration[]> {
  const { dialect } = engine;
  const place = dialect.place(before.target);
  const done: Alteration[] = [];
  let shape = before;
  for (;;) {
    const existing = await engine.describe(session, place);
    if (!existing) throw new Pg2anyError('TABLE_MISSING', `destination table ${place.sql} is gone`);
    const { known } = placeColumns(dialect, relation, shape, existing);
    const there = known.filter((one) => columnOf(relation, one) || has(existing, one));
    shape = { ...shape, columns: there.map((one) => kept(one, relation, options)) };
    const step = nextStep(dialect, relation, place, shape.columns, existing);
    if (!step) break;
    shape = await perform(engine, session, shape, step, options);
    done.push(alteration(relation, place, step));
  }
  const columns = shape.columns.map((known) => {
    const now = columnOf(relation, known);
    return now ? { ...known, ...facts(now, known.attnum) } : known;
  });
  await options.remember({ ...shape, columns });
  return done;
}

const has = ({ columns }: ExistingTable, known: KnownColumn): boolean =>
  columns.some(({ name }) => name === known.column);

/** A column that stays when the source drops it has nothing more to do with the source. */
function kept(known: KnownColumn, relation: Relation, { droppedColumns }: SettleOptions): KnownColumn {
  if (droppedColumns === 'drop' || columnOf(relation, known) || !relation.dropped?.includes(known.attnum)) return known;
  return { ...known, dropped: true };
}

interface Step {
  readonly attnum: number;
  readonly from: string;
  /** Null: the column is dropped. */
  readonly to: string | null;
  readonly sql: string;
}

/** The next statement, null when there is none left. Throws SCHEMA_CHANGED where a name is taken by a foreign column. */
function nextStep(
  dialect: Dialect,
  relation: Relation,
  place: Place,
  columns: readonly KnownColumn[],
  existing: ExistingTable,
): Step | null {
  const rename = ({ attnum, column }: KnownColumn, to: string): Step => ({
    ...{ attnum, from: column, to },
    sql: dialect.renameColumn(place, column, to),
  });
  const gone = columns.find(
    (one) => !one.dropped && !columnOf(relation, one) && relation.dropped?.includes(one.attnum),
  );
  if (gone) return { attnum: gone.attnum, from: gone.column, to: null, sql: dialect.dropColumn(place, gone.column) };
  const waiting: KnownColumn[] = [];
  for (const known of columns) {
    const to = wanted(relation, known);
    if (to === known.column) continue;
    const there = existing.columns.find(({ name }) => name !== known.column && dialect.sameName(name, to));
    if (!there) return rename(known, to);
    const owner = columns.find(({ column }) => column === there.name);
    if (!owner) throw inTheWay(relation, place, known, to, dialect);
    if (owner.dropped) return rename(owner, aside(owner));
    waiting.push(known);
  }
  // each waits for the name of another one: one of them gives way
  const first = waiting.find(({ attnum, column }) => column !== provisional(attnum));
  return first ? rename(first, provisional(first.attnum)) : null;
}

/** A table that was adopted keeps its spelling until the source renames the column. */
function wanted(relation: Relation, known: KnownColumn): string {
  const now = columnOf(relation, known);
  if (!now) return known.column;
  return now.name !== known.name || known.column === provisional(known.attnum) ? now.name : known.column;
}

const aside = ({ column, attnum }: KnownColumn): string => `${[...column].slice(0, 40).join('')}_dropped_${attnum}`;

function inTheWay(relation: Relation, place: Place, known: KnownColumn, to: string, dialect: Dialect): Pg2anyError {
  const message = `column ${known.name} of ${relationName(relation)} is now called ${to}, and destination table ${place.sql} has another column of that name`;
  return new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: `Rename or drop the other one, then run: ${dialect.renameColumn(place, known.column, to)}; and start again.`,
  });
}

async function perform(
  engine: Engine,
  session: Session,
  shape: TableShape,
  step: Step,
  { remember }: SettleOptions,
): Promise<TableShape> {
  const { attnum, to, sql } = step;
  const changed = (change: (known: KnownColumn) => KnownColumn[]): TableShape => ({
    ...shape,
    columns: shape.columns.flatMap((known) => (known.attnum === attnum ? change(known) : [known])),
  });
  const after = changed((known) => (to === null ? [] : [{ ...known, column: to }]));
  if (engine.dialect.transactionalDdl) {
    await inTransaction(session, async () => {
      await session.runLong(sql);
      await remember(after);
    });
    return after;
  }
  if (to !== null) await remember(changed((known) => [{ ...known, becoming: to }]));
  await session.runLong(sql);
  await remember(after);
  return after;
}

function alteration(relation: Relation, place: Place, { from, to, sql }: Step): Alteration {
  const table = relationName(relation);
  if (to === null) return { event: 'column.dropped', message: `${table}: column ${from} of ${place.sql} dropped`, sql };
  return { event: 'column.renamed', message: `${table}: column ${from} of ${place.sql} renamed to ${to}`, sql };
}
