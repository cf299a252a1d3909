import { relationName } from '../../model/relation.ts';
import { type Row, UNCHANGED } from '../../model/value.ts';
import type { Patch, Step, Target } from '../contract.ts';
import { describeRow, keyOf } from '../refusal.ts';
import type { Parameter } from './connection.ts';
import { isRefusal } from './errors.ts';
import {
  allColumns,
  deleteOneSql,
  deleteSql,
  insertSql,
  type Numbered,
  patchOneSql,
  patchSql,
  present,
  upsertSql,
} from './statements.ts';
import { parameter } from './travel.ts';
import type { Wire } from './wire.ts';

/** A statement for one row, and what to call that row in messages. */
export interface Single {
  readonly sql: Numbered;
  readonly parameters: readonly Parameter[];
  readonly where: string;
  /** Says so when it matched no row. */
  readonly tells?: true;
}

/** https://learn.microsoft.com/sql/sql-server/maximum-capacity-specifications-for-sql-server, less what the driver adds */
const MAX_PARAMETERS = 2090;
/** Statements per request. */
const MOST = 20;

export function rowSingle(target: Target, row: Row, kind: 'upsert' | 'insert', identity: boolean): Single {
  const key = (): Row => keyOf(target.relation, row);
  return {
    sql: (kind === 'upsert' ? upsertSql : insertSql)(target, identity),
    parameters: allColumns(target).map((column) => parameter(target, column, row[column], key)),
    where: describeRow(target.relation, key()),
  };
}

const keyParameters = (target: Target, key: Row): readonly Parameter[] =>
  target.relation.key.map((column, i) => parameter(target, column, key[i], () => key));

export const deleteSingle = (target: Target, key: Row): Single => ({
  sql: deleteSql(target),
  parameters: keyParameters(target, key),
  where: describeRow(target.relation, key),
});

export function patchSingle(target: Target, { key, after }: Patch): Single {
  const { relation } = target;
  const changed = after.flatMap((value, i) => {
    const at = relation.key.indexOf(i);
    return value === UNCHANGED || (at >= 0 && value === key[at]) ? [] : [i];
  });
  const set = changed.length > 0 ? changed : relation.key;
  const assigned = set.map((column) => parameter(target, column, after[column], () => key));
  const parameters = [...assigned, ...keyParameters(target, key)];
  return { sql: patchSql(target, set), parameters, where: describeRow(relation, key), tells: true };
}

/** Statements that touch one row each. No such row is fine: somebody else removed it, and nothing else names it. */
export function singlesOf(step: Extract<Step, { kind: 'patchOne' | 'deleteOne' }>): readonly Single[] {
  const { target } = step;
  const found = (row: Row): readonly Parameter[] =>
    present(row).map(([i, value]) => parameter(target, target.relation.key[i] ?? 0, value, () => row));
  if (step.kind === 'deleteOne')
    return step.rows.map((row) => ({
      sql: deleteOneSql(target, row),
      parameters: found(row),
      where: describeRow(target.relation, row),
    }));
  return step.patches.flatMap(({ key, after }) => {
    const set = after.flatMap((value, i) => (value === UNCHANGED || value === key[i] ? [] : [i]));
    if (set.length === 0) return [];
    const assigned = set.map((column) => parameter(target, column, after[column], () => key));
    return [
      {
        sql: patchOneSql(target, set, key),
        parameters: [...assigned, ...found(key)],
        where: describeRow(target.relation, key),
      },
    ];
  });
}

/** Sends them in this order, many to a request. Gives those that matched no row, by index. */
export async function sendSingles(wire: Wire, target: Target, all: readonly Single[]): Promise<readonly number[]> {
  const missing: number[] = [];
  let from = 0;
  for (const request of requests(all)) {
    missing.push(...(await sendRequest(wire, target, request)).map((index) => from + index));
    from += request.length;
  }
  return missing;
}

async function sendRequest(wire: Wire, target: Target, request: readonly Single[]): Promise<readonly number[]> {
  let n = 1;
  const sql = request.map(({ sql: of, parameters, tells }, i) => {
    const text = of(n);
    n += parameters.length;
    return tells ? `${text}\nIF @@ROWCOUNT = 0 SELECT ${i};` : text;
  });
  try {
    const { rows } = await wire.call(
      sql.join('\n'),
      request.flatMap(({ parameters }) => parameters),
    );
    return rows.map(([index]) => Number(index));
  } catch (error) {
    throw wire.failure(error, await blame(wire, target, request, error));
  }
}

/** A request does not say which statement was refused: performed again one by one, they do. */
async function blame(wire: Wire, target: Target, request: readonly Single[], error: unknown): Promise<string> {
  if (request.length === 1) return request[0]?.where ?? relationName(target.relation);
  if (!isRefusal(error)) return relationName(target.relation);
  const found = await wire.aside(async () => {
    for (const { sql, parameters, where } of request) {
      try {
        await wire.call(sql(1), parameters);
      } catch (refused) {
        return isRefusal(refused) ? where : null;
      }
    }
    return null;
  });
  return found ?? relationName(target.relation);
}

function* requests(all: readonly Single[]): Generator<readonly Single[]> {
  let request: Single[] = [];
  let count = 0;
  for (const single of all) {
    const { length } = single.parameters;
    if (request.length === MOST || (count > 0 && count + length > MAX_PARAMETERS)) {
      yield request;
      request = [];
      count = 0;
    }
    request.push(single);
    count += length;
  }
  if (request.length > 0) yield request;
}
