import { Pg2anyError } from '../../model/error.ts';
import { relationName } from '../../model/relation.ts';
import { type Row, type Rows, UNCHANGED } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';
import { describeRow, keyOf } from '../refusal.ts';
import type { Outcome } from './connection.ts';
import { whereAmong } from './culprit.ts';
import { isDuplicate, isLoadingOff, isReferenced, isRefusal } from './errors.ts';
import { loadSql, loads } from './load.ts';
import { inserts, ROWS_PER_STATEMENT, spelling, statements } from './many.ts';
import { patchSingle, type Single, sendSingles, singles } from './singles.ts';
import { deleteByKey, emptySql, insertHead, patchSql, upsertTail } from './statements.ts';
import type { Wire } from './wire.ts';

/** Below this many rows a multi-row statement is as fast as a load. */
const WORTH_LOADING = 200;

/** Performs one step inside the open transaction. Rejects with a Pg2anyError that names the table and, if known, the row. */
export async function write(wire: Wire, step: Step): Promise<void> {
  switch (step.kind) {
    case 'empty':
      return empty(wire, step.targets);
    case 'delete':
      return deleteKeys(wire, step.target, step.keys);
    case 'upsert':
      return upsert(wire, step.target, step.rows);
    case 'insert':
      return insert(wire, step.target, step.rows);
    case 'patch':
      return patch(wire, step.target, step.patches);
    case 'patchOne':
    case 'deleteOne':
      await sendSingles(wire, step.target, singles(wire, step));
  }
}

const tableOf = (target: Target): string => relationName(target.relation);
const named = (target: Target, row: Row): string => describeRow(target.relation, keyOf(target.relation, row));

async function send(wire: Wire, sql: string, where: string): Promise<Outcome> {
  try {
    return await wire.send(sql);
  } catch (error) {
    throw wire.failure(error, where);
  }
}

/** Tables that refer to others of these come first: found by trying, since a refused statement changes nothing. */
async function empty(wire: Wire, targets: readonly Target[]): Promise<void> {
  let left = [...targets];
  while (left.length > 0) {
    const refused: { readonly target: Target; readonly error: unknown }[] = [];
    for (const target of left) {
      try {
        await wire.sendLong(emptySql(target));
      } catch (error) {
        if (!isReferenced(error)) throw wire.failure(error, tableOf(target));
        refused.push({ target, error });
      }
    }
    const [first] = refused;
    if (first && refused.length === left.length) throw wire.failure(first.error, tableOf(first.target));
    left = refused.map(({ target }) => target);
  }
}

async function deleteKeys(wire: Wire, target: Target, keys: readonly Row[]): Promise<void> {
  const { head, tail, separator, most, one } = deleteByKey(target);
  for (const { texts } of statements(wire, keys, one, most))
    await send(wire, head + texts.join(separator) + tail, tableOf(target));
}

async function upsert(wire: Wire, target: Target, rows: Rows): Promise<void> {
  if (target.furtherUnique) return upsertAside(wire, target, rows);
  if (target.bare && rows.length >= WORTH_LOADING && wire.loading) {
    const left = await loadAll(wire, target, rows, true);
    if (left.length > 0) await upsert(wire, target, left);
    return;
  }
  await insertMany(wire, target, rows, upsertTail(target));
}

async function insert(wire: Wire, target: Target, rows: Rows): Promise<void> {
  const worth = rows.length >= WORTH_LOADING && wire.loading;
  const left = worth ? await loadAll(wire, target, rows, false) : rows;
  await insertMany(wire, target, left, '');
}

async function insertMany(wire: Wire, target: Target, rows: Rows, tail: string): Promise<void> {
  const head = insertHead(target);
  for (const { rows: some, values } of inserts(wire, target, rows)) {
    try {
      await wire.send(head + values + tail);
    } catch (error) {
      throw await refusal(wire, target, some, error);
    }
  }
}

/** Names the row, if it is one that was refused. */
async function refusal(wire: Wire, target: Target, rows: Rows, error: unknown): Promise<unknown> {
  if (!isRefusal(error)) return wire.failure(error, tableOf(target));
  return wire.failure(error, await whereAmong(wire, target, rows, String(error)));
}

/**
 * ON DUPLICATE KEY UPDATE would take a hit of another unique index for a hit of the key and overwrite the wrong row.
 * Most rows are new: they are inserted as such, and only where that fails looked at one by one.
 */
async function upsertAside(wire: Wire, target: Target, rows: Rows): Promise<void> {
  const head = insertHead(target);
  for (const { rows: some, texts } of statements(wire, rows, spelling(wire, target), ROWS_PER_STATEMENT)) {
    try {
      await wire.send(head + texts.join(','));
    } catch (error) {
      if (!isDuplicate(error)) throw await refusal(wire, target, some, error);
      let i = 0;
      for (const row of some) await updateOrInsert(wire, target, row, head + texts[i++]);
    }
  }
}

async function updateOrInsert(wire: Wire, target: Target, row: Row, insertSql: string): Promise<void> {
  const { relation } = target;
  const columns = rest(target);
  const key = keyOf(relation, row);
  const sql = patchSql(target, columns.length > 0 ? columns : relation.key, key, row);
  const { affectedRows } = await send(wire, sql, named(target, row));
  if (affectedRows === 0) await send(wire, insertSql, named(target, row));
}

const rest = ({ relation, columns }: Target): number[] =>
  columns.flatMap((_, i) => (relation.key.includes(i) ? [] : [i]));

/** Gives the rows that are left to be written otherwise, because the server has stopped taking loads. */
async function loadAll(wire: Wire, target: Target, rows: Rows, replace: boolean): Promise<Rows> {
  const sql = loadSql(target, replace);
  let done = 0;
  for (const load of loads(target, rows, wire.maxAllowedPacket)) {
    const loaded = (): Rows => rows.slice(done, done + load.count);
    try {
      await checkLoad(wire, target, loaded, await wire.load(sql, load), replace);
    } catch (error) {
      if (!isLoadingOff(error)) throw await refusal(wire, target, loaded(), error);
      wire.loading = false;
      return rows.slice(done);
    }
    done += load.count;
  }
  return [];
}

/** A load says in warnings what a statement would say in an error. REPLACE counts a replaced row twice. */
async function checkLoad(wire: Wire, target: Target, loaded: () => Rows, outcome: Outcome, replace: boolean) {
  const { affectedRows, warningStatus } = outcome;
  const rows = loaded();
  const complete = replace ? affectedRows >= rows.length : affectedRows === rows.length;
  if (warningStatus === 0 && complete) return;
  const [first] = await wire.warnings();
  const why = first ? `${first[2]} (${first[1]})` : `${affectedRows} of ${rows.length} rows arrived`;
  throw new Pg2anyError('VALUE_REFUSED', `${await whereAmong(wire, target, rows, why)}: ${why}`);
}

/** Rows that are not there are put in where that is possible. */
async function patch(wire: Wire, target: Target, patches: readonly Patch[]): Promise<void> {
  const statements = patches.map((one) => patchSingle(wire, target, one));
  const outcomes = await sendSingles(wire, target, statements);
  for (const [i, { affectedRows }] of outcomes.entries()) {
    const [one, single] = [patches[i], statements[i]];
    if (affectedRows === 0 && one && single) await patchMissing(wire, target, one, single);
  }
}

async function patchMissing(wire: Wire, target: Target, { after }: Patch, { sql, where }: Single): Promise<void> {
  // once more: an earlier patch of the same row may have put it in meanwhile
  if ((await send(wire, sql, where)).affectedRows > 0) return;
  if (!after.includes(UNCHANGED)) return upsert(wire, target, [after]);
  const message = `${where}: the row to update is not there, and the source did not send all of it`;
  throw new Pg2anyError('VALUE_UNAVAILABLE', message);
}
