import type { KnownColumn, TableShape } from '../../model/checkpoint.ts';
import type { Alteration, Settled } from '../../model/destination.ts';
import { Pg2anyError } from '../../model/error.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { SchemaRules } from '../../model/schema-rules.ts';
import type { Engine, Place, Session } from '../contract.ts';
import { inTransaction } from '../ledger/ledger.ts';
import { type MoveOptions, moveTable } from './move.ts';
import { facts, placeColumns } from './placement.ts';
import { columnOf, nextStep, present, type Step } from './steps.ts';

export interface SettleOptions extends MoveOptions {
  readonly rules: SchemaRules;
  /** Makes it durable; inside the transaction of the DDL where there is one. Throws FENCED. */
  readonly remember: (shape: TableShape) => Promise<void>;
}

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
): Promise<Settled> {
  const { dialect } = engine;
  const place = dialect.place(before.target);
  const done: Alteration[] = [];
  let shape = before;
  for (;;) {
    const existing = await engine.describe(session, place);
    if (!existing) throw new Pg2anyError('TABLE_MISSING', `destination table ${place.sql} is gone`);
    const naming = { dialect, relation, place, existing };
    const { known } = placeColumns(dialect, relation, shape, existing);
    shape = { ...shape, columns: present(known, naming, options.rules) };
    const step = nextStep(naming, shape.columns);
    if (!step) break;
    shape = await perform(engine, session, shape, step, options);
    done.push(alteration(relation, place, step));
  }
  const columns = shape.columns.map((known) => upToDate(known, relation));
  const moved = await moveTable(engine, session, relation, { ...shape, columns }, options);
  await options.remember(moved.shape);
  return { done: [...done, ...moved.done], waiting: moved.waiting };
}

function upToDate(known: KnownColumn, relation: Relation): KnownColumn {
  const now = columnOf(relation, known);
  if (!now || known.ignored) return known;
  const { holds: _, ...rest } = known;
  const origin = known.origin ?? known.name;
  return { ...rest, ...facts(now, known.attnum), ...(origin === now.name ? {} : { origin }) };
}

async function perform(
  engine: Engine,
  session: Session,
  shape: TableShape,
  { attnum, to, sql }: Step,
  { remember }: SettleOptions,
): Promise<TableShape> {
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
