import type { TableShape } from '../model/checkpoint.ts';
import type { ColumnDefaults, Prepared } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { ColumnCodec, Dialect, Engine, ExistingTable, Place, Session, Target } from './contract.ts';
import { compareTable, mismatch, targetOf } from './fit.ts';
import { type Placement, placeColumns, remembered } from './placement.ts';
import { isSettled } from './settle.ts';

export interface PrepareOptions {
  readonly autoCreateTables: boolean;
  /** The table was created or adopted before: columns that it lacks were added at the source since. */
  readonly known: boolean;
  /** Where the table lives, as it was remembered; null where it never was. */
  readonly shape: TableShape | null;
  readonly defaults: ColumnDefaults;
  /** Called before DDL, which may commit what is open. */
  readonly beforeDdl: () => Promise<void>;
}

export interface PreparedTarget extends Prepared {
  readonly target: Target;
  /** To be remembered. */
  readonly shape: TableShape;
}

/**
 * Creates the table, checks an existing one, or adds the columns that it lacks. What else has changed at the source is
 * left to `settleTable`: until then rows go to the columns under their present names. Idempotent.
 */
export async function prepareTable(
  engine: Engine,
  session: Session,
  relation: Relation,
  options: PrepareOptions,
): Promise<PreparedTarget> {
  const { dialect } = engine;
  const codecs = dialect.codecs(relation);
  const home = options.shape?.target ?? relation.target;
  const place = dialect.place(home);
  const existing = await engine.describe(session, place);
  const { action, sql } = existing
    ? await adopt(engine, session, relation, codecs, place, existing, options)
    : await create(engine, session, relation, codecs, options);
  const now = sql.length === 0 ? existing : await engine.describe(session, place);
  if (!now) throw new Pg2anyError('DESTINATION_FAILED', `table ${place.sql} is not there after it was created`);
  const placement = placeColumns(dialect, relation, options.shape, now);
  const target = targetOf(dialect, relation, place, codecs, now, placement.columns);
  const shape: TableShape = { target: home, columns: remembered(relation, placement, options.defaults) };
  const deferred = !isSettled(relation, shape);
  return { action, table: place.sql, sql, road: dialect.road(target), deferred, target, shape };
}

type Done = Pick<Prepared, 'action' | 'sql'>;

async function create(
  engine: Engine,
  session: Session,
  relation: Relation,
  codecs: readonly ColumnCodec[],
  options: PrepareOptions,
): Promise<Done> {
  const sql = engine.dialect.createTable(relation, codecs);
  if (!options.autoCreateTables) {
    const message = `the destination has no table ${engine.dialect.place(relation.target).sql} for ${relationName(relation)}`;
    throw new Pg2anyError('TABLE_MISSING', message, { hint: `Create it: ${sql.join('; ')}` });
  }
  return { action: 'created', sql: await ddl(session, sql, options) };
}

async function adopt(
  engine: Engine,
  session: Session,
  relation: Relation,
  codecs: readonly ColumnCodec[],
  place: Place,
  existing: ExistingTable,
  options: PrepareOptions,
): Promise<Done> {
  const { dialect } = engine;
  const placement = placeColumns(dialect, relation, options.shape, existing);
  const { missing, problems } = compareTable(dialect, relation, codecs, existing, placement);
  const absent = options.known ? [] : missing.map((index) => `column ${relation.columns[index]?.name} is missing`);
  if (problems.length + absent.length > 0) throw mismatch(relation, place, [...absent, ...problems]);
  if (missing.length === 0) return { action: options.known ? 'unchanged' : 'adopted', sql: [] };
  const sql = additions(dialect, relation, codecs, place, placement, missing, options);
  return { action: 'altered', sql: await ddl(session, sql, options) };
}

function additions(
  dialect: Dialect,
  relation: Relation,
  codecs: readonly ColumnCodec[],
  place: Place,
  placement: Placement,
  missing: readonly number[],
  { defaults }: PrepareOptions,
): string[] {
  return missing.flatMap((index) => {
    const [column, placed, codec] = [relation.columns[index], placement.columns[index], codecs[index]];
    if (!column || !placed || !codec) return [];
    const fill = column.attnum === null ? null : (defaults.get(column.attnum) ?? null);
    return [dialect.addColumn(place, placed.name, codec, fill)];
  });
}

async function ddl(
  session: Session,
  statements: readonly string[],
  options: PrepareOptions,
): Promise<readonly string[]> {
  await options.beforeDdl();
  for (const statement of statements) await session.runLong(statement);
  return statements;
}
