import { Pg2anyError } from '../../model/error.ts';
import { relationName } from '../../model/relation.ts';
import { type Row, type Rows, UNCHANGED } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';
import { describeRow, keyOf } from '../refusal.ts';
import { whereAmong } from './culprit.ts';
import { distinct } from './distinct.ts';
import { emptyInOrder } from './empty.ts';
import { isRefusal } from './errors.ts';
import { deleteSingle, patchSingle, rowSingle, type Single, sendSingles, singlesOf } from './singles.ts';
import { allColumns, deleteAll, insertAll, patchAll, upsertAll } from './statements.ts';
import type { Wire } from './wire.ts';

/** Below this many rows parameters are faster than a bulk load with its two round trips. */
const WORTH_STAGING = 5;

/** Performs one step inside the open transaction. Rejects with a Pg2anyError that names the table and, if known, the row. */
export async function write(wire: Wire, step: Step): Promise<void> {
  switch (step.kind) {
    case 'empty':
      return emptyInOrder(wire, step.targets);
    case 'delete':
      return deleteKeys(wire, step.target, step.keys);
    case 'upsert':
      return rows(wire, step.target, distinct(step.target, step.rows), 'upsert');
    case 'insert':
      return rows(wire, step.target, step.rows, 'insert');
    case 'patch':
      return patch(wire, step.target, step.patches);
    case 'patchOne':
    case 'deleteOne':
      await sendSingles(wire, step.target, singlesOf(step));
  }
}

const named = (target: Target): string => relationName(target.relation);

async function deleteKeys(wire: Wire, target: Target, keys: readonly Row[]): Promise<void> {
  if (keys.length < WORTH_STAGING) {
    await sendSingles(
      wire,
      target,
      keys.map((key) => deleteSingle(target, key)),
    );
    return;
  }
  try {
    const stage = await wire.stage(target, target.relation.key, spread(target, keys), (row) =>
      keyOf(target.relation, row),
    );
    await wire.batch(deleteAll(target, stage));
  } catch (error) {
    throw wire.failure(error, named(target));
  }
}

/** Keys in the places of their columns. */
function spread({ relation }: Target, keys: readonly Row[]): readonly Row[] {
  return keys.map((key) => {
    const row: Row[number][] = [];
    relation.key.forEach((column, i) => {
      row[column] = key[i] ?? null;
    });
    return row;
  });
}

async function rows(wire: Wire, target: Target, all: Rows, kind: 'upsert' | 'insert'): Promise<void> {
  const identity = await wire.identity(target);
  if (all.length < WORTH_STAGING) {
    const singles = Array.from(all, (row) => rowSingle(target, row, kind, identity));
    await sendSingles(wire, target, singles);
    return;
  }
  const apply = async (some: Rows): Promise<void> => {
    const stage = await wire.stage(target, allColumns(target), some, (row) => keyOf(target.relation, row));
    await wire.batch(kind === 'upsert' ? upsertAll(target, stage, identity) : insertAll(target, stage, identity));
  };
  try {
    await apply(all);
  } catch (error) {
    const where = isRefusal(error) ? await whereAmong(wire, target, all, apply) : named(target);
    throw wire.failure(error, where);
  }
}

/** Rows that are not there are put in where that is possible. */
async function patch(wire: Wire, target: Target, patches: readonly Patch[]): Promise<void> {
  if (patches.length < WORTH_STAGING || target.ordered || moves(target, patches))
    return patchSingles(wire, target, patches);
  for (const [columns, some] of byColumns(target, patches)) {
    if (some.length < WORTH_STAGING || columns.length === 0) await patchSingles(wire, target, some);
    else await patchStaged(wire, target, columns, some);
  }
}

/** Rows that get other keys meet each other: then the order matters, as it does where a row is changed twice. */
function moves({ relation }: Target, patches: readonly Patch[]): boolean {
  const seen = new Set(patches.map(({ key }) => JSON.stringify(key)));
  if (seen.size < patches.length) return true;
  return patches.some(({ key, after }) => relation.key.some((column, i) => after[column] !== key[i]));
}

/** The columns that a patch sets, beside the key. */
const patched = ({ relation }: Target, { after }: Patch): readonly number[] =>
  after.flatMap((value, i) => (value === UNCHANGED || relation.key.includes(i) ? [] : [i]));

function byColumns(
  target: Target,
  patches: readonly Patch[],
): Iterable<readonly [readonly number[], readonly Patch[]]> {
  const groups = new Map<string, [readonly number[], Patch[]]>();
  for (const one of patches) {
    const columns = patched(target, one);
    const group = groups.get(columns.join());
    if (group) group[1].push(one);
    else groups.set(columns.join(), [columns, [one]]);
  }
  return groups.values();
}

async function patchStaged(wire: Wire, target: Target, columns: readonly number[], patches: readonly Patch[]) {
  const { relation } = target;
  const rows = patches.map(({ after }) => after);
  try {
    const stage = await wire.stage(target, [...relation.key, ...columns], rows, (row) => keyOf(relation, row));
    const {
      rows: [[missing] = []],
    } = await wire.batch(patchAll(target, stage, columns));
    if (missing === '0') return;
  } catch (error) {
    throw wire.failure(error, named(target));
  }
  // some rows were not there: one by one they tell which
  await patchSingles(wire, target, patches);
}

async function patchSingles(wire: Wire, target: Target, patches: readonly Patch[]): Promise<void> {
  const singles = patches.map((one) => patchSingle(target, one));
  const missing = await sendSingles(wire, target, singles);
  for (const index of missing) {
    const [one, single] = [patches[index], singles[index]];
    if (one && single) await patchMissing(wire, target, one, single);
  }
}

async function patchMissing(wire: Wire, target: Target, { after }: Patch, single: Single): Promise<void> {
  // once more: an earlier patch of the same row may have put it in meanwhile
  if ((await sendSingles(wire, target, [single])).length === 0) return;
  if (!after.includes(UNCHANGED)) return rows(wire, target, [after], 'upsert');
  const message = `${describeRow(target.relation, keyOf(target.relation, after))}: the row to update is not there, and the source did not send all of it`;
  throw new Pg2anyError('VALUE_UNAVAILABLE', message);
}
