import { Pg2anyError } from '../../model/error.ts';
import { relationName } from '../../model/relation.ts';
import { type Row, UNCHANGED } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';
import { describeRow, keyOf } from '../refusal.ts';
import { bindColumns } from './bind.ts';
import type { SqlValue, Statement } from './database.ts';
import { isRefusal, sqliteError } from './errors.ts';
import { inKeyOrder, rowsInKeyOrder } from './key-order.ts';
import { Pace } from './pace.ts';
import {
  deleteOneSql,
  deleteSql,
  emptySql,
  insertSql,
  patchOneSql,
  patchSql,
  rowsPerStatement,
  upsertSql,
} from './statements.ts';

/** Gives the prepared statement for an SQL text; `key` names it within its table and spares building the text. */
export type Prepare = (target: Target, key: string, sql: () => string) => Statement;

/** Performs one step inside the open transaction. Rejects with a Pg2anyError that names the row. */
export async function write(step: Step, prepare: Prepare): Promise<void> {
  switch (step.kind) {
    case 'empty':
      for (const target of step.targets) empty(target, prepare);
      return;
    case 'upsert':
      return writeRows(step.target, rowsInKeyOrder(step.target, step.rows), prepare, 'upsert', upsertSql);
    case 'insert':
      return writeRows(step.target, rowsInKeyOrder(step.target, step.rows), prepare, 'insert', insertSql);
    case 'delete':
      return each(
        inKeyOrder(step.target, step.keys, (key) => key),
        (key) => byKey(step.target, key, prepare, 'delete', deleteSql),
      );
    case 'deleteOne':
      return each(step.rows, (row) => byKey(step.target, row, prepare, 'deleteOne', deleteOneSql));
    case 'patch':
      return each(patchOrder(step.target, step.patches), (patch) => patchRow(step.target, patch, prepare));
    case 'patchOne':
      return each(step.patches, (patch) => patchOne(step.target, patch, prepare));
  }
}

/** Rows that move to other keys meet each other: only without them the order does not matter. */
function patchOrder(target: Target, patches: readonly Patch[]): readonly Patch[] {
  const { key } = target.relation;
  const moves = patches.some((patch) => key.some((column, i) => patch.after[column] !== patch.key[i]));
  return moves ? patches : inKeyOrder(target, patches, (patch) => patch.key);
}

async function each<T>(items: readonly T[], act: (item: T) => void): Promise<void> {
  const pace = new Pace();
  for (let i = 0; i < items.length; i++) {
    act(items[i] as T);
    if (i % 16 === 0 && pace.due) await pace.rest();
  }
}

function empty(target: Target, prepare: Prepare): void {
  try {
    prepare(target, 'empty', () => emptySql(target)).run([]);
  } catch (error) {
    throw sqliteError(error, relationName(target.relation));
  }
}

type RowsSql = (target: Target, rows: number) => string;

async function writeRows(target: Target, rows: Iterable<Row>, prepare: Prepare, kind: string, sql: RowsSql) {
  const size = rowsPerStatement(target.columns.length);
  const pace = new Pace();
  let some: Row[] = [];
  for (const row of rows) {
    if (some.push(row) < size) continue;
    runMany(target, some, prepare, kind, sql);
    some = [];
    if (pace.due) await pace.rest();
  }
  for (const row of some) runRow(target, row, prepare, kind, sql);
}

function runMany(target: Target, rows: readonly Row[], prepare: Prepare, kind: string, sql: RowsSql): void {
  const statement = prepare(target, `${kind}${rows.length}`, () => sql(target, rows.length));
  const values: SqlValue[] = [];
  for (const row of rows) bindRow(values, target, row);
  try {
    statement.run(values);
  } catch (error) {
    if (!isRefusal(error)) throw sqliteError(error, relationName(target.relation));
    // the statement is undone as a whole: one by one they tell which row it was
    for (const row of rows) runRow(target, row, prepare, kind, sql);
    throw sqliteError(error, relationName(target.relation));
  }
}

function runRow(target: Target, row: Row, prepare: Prepare, kind: string, sql: RowsSql): void {
  const values: SqlValue[] = [];
  bindRow(values, target, row);
  const statement = prepare(target, kind, () => sql(target, 1));
  run(target, keyOf(target.relation, row), statement, values);
}

/** The number of rows the statement matched. */
function run(target: Target, key: Row, statement: Statement, values: readonly SqlValue[]): number {
  try {
    return statement.run(values).changes;
  } catch (error) {
    throw sqliteError(error, describeRow(target.relation, key));
  }
}

const indexes = new WeakMap<Target, readonly number[]>();

function bindRow(into: SqlValue[], target: Target, row: Row): void {
  let all = indexes.get(target);
  if (all === undefined) {
    all = target.columns.map((_, i) => i);
    indexes.set(target, all);
  }
  bindColumns(into, target, all, row, () => keyOf(target.relation, row));
}

function byKey(target: Target, key: Row, prepare: Prepare, kind: string, sql: (target: Target) => string): void {
  const values: SqlValue[] = [];
  bindColumns(values, target, target.relation.key, key, () => key);
  run(
    target,
    key,
    prepare(target, kind, () => sql(target)),
    values,
  );
}

function patchRow(target: Target, patch: Patch, prepare: Prepare): void {
  const { relation } = target;
  const set = patched(target, patch);
  const columns = set.length > 0 ? set : relation.key;
  if (update(target, patch, columns, prepare, 'patch', patchSql) > 0) return;
  if (patch.after.includes(UNCHANGED))
    throw new Pg2anyError(
      'VALUE_UNAVAILABLE',
      `${describeRow(relation, patch.key)}: the row to update is not there, and the source did not send all of it`,
    );
  runRow(target, patch.after, prepare, 'upsert', upsertSql);
}

/** No such row is fine: somebody else removed it, and there is no key to put it back by. */
function patchOne(target: Target, patch: Patch, prepare: Prepare): void {
  const set = patch.after.flatMap((value, i) => (value === UNCHANGED || value === patch.key[i] ? [] : [i]));
  if (set.length > 0) update(target, patch, set, prepare, 'patchOne', patchOneSql);
}

/** The columns to set: all that were sent, of the key only what changes. */
function patched({ relation }: Target, { key, after }: Patch): number[] {
  const columns: number[] = [];
  for (let i = 0; i < after.length; i++) {
    const at = relation.key.indexOf(i);
    if (after[i] !== UNCHANGED && (at < 0 || after[i] !== key[at])) columns.push(i);
  }
  return columns;
}

type PatchSql = (target: Target, columns: readonly number[]) => string;

function update(
  target: Target,
  { key, after }: Patch,
  columns: readonly number[],
  prepare: Prepare,
  kind: string,
  sql: PatchSql,
): number {
  const values: SqlValue[] = [];
  const assigned = columns.map((i) => after[i]);
  bindColumns(values, target, columns, assigned, () => key);
  bindColumns(values, target, target.relation.key, key, () => key);
  const statement = prepare(target, `${kind}:${columns.join()}`, () => sql(target, columns));
  return run(target, key, statement, values);
}
