import type { ColumnDefaults, Prepared } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { ColumnCodec, Dialect, Engine, ExistingTable, Place, Session, Target } from './contract.ts';
import { compareTable, foreignColumns, mismatch, targetOf } from './fit.ts';

export interface PrepareOptions {
  readonly autoCreateTables: boolean;
  /** The table was created or adopted before: columns that it lacks were added at the source since. */
  readonly known: boolean;
  /** An earlier shape of it was seen in this session, so that a renamed column was told from a new one. */
  readonly followed: boolean;
  readonly defaults: ColumnDefaults;
  /** Called before DDL, which may commit what is open. */
  readonly beforeDdl: () => Promise<void>;
}

export interface PreparedTarget extends Prepared {
  readonly target: Target;
}

/** Creates the table, checks an existing one, or adds the columns that it lacks. Idempotent. */
export async function prepareTable(
  engine: Engine,
  session: Session,
  relation: Relation,
  options: PrepareOptions,
): Promise<PreparedTarget> {
  const { dialect } = engine;
  const codecs = dialect.codecs(relation);
  const place = dialect.place(relation.target);
  const existing = await engine.describe(session, place);
  const { action, sql } = existing
    ? await adopt(engine, session, relation, codecs, existing, options)
    : await create(engine, session, relation, codecs, options);
  const now = sql.length === 0 ? existing : await engine.describe(session, place);
  if (!now) throw new Pg2anyError('DESTINATION_FAILED', `table ${place.sql} is not there after it was created`);
  const target = targetOf(dialect, relation, place, codecs, now);
  return { action, table: place.sql, sql, road: dialect.road(target), target };
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
  existing: ExistingTable,
  options: PrepareOptions,
): Promise<Done> {
  const { dialect } = engine;
  const place: Place = dialect.place(relation.target);
  const { missing, problems } = compareTable(dialect, relation, codecs, existing);
  const absent = options.known ? [] : missing.map((index) => `column ${relation.columns[index]?.name} is missing`);
  if (problems.length + absent.length > 0) throw mismatch(relation, place, [...absent, ...problems]);
  if (missing.length > 0 && !options.followed) assertNotRenamed(dialect, relation, missing, existing);
  if (missing.length === 0) return { action: options.known ? 'unchanged' : 'adopted', sql: [] };
  const sql = missing.flatMap((index) => {
    const [column, codec] = [relation.columns[index], codecs[index]];
    return column && codec
      ? [dialect.addColumn(relation, column, codec, options.defaults.get(column.name) ?? null)]
      : [];
  });
  return { action: 'altered', sql: await ddl(session, sql, options) };
}

/** Renamed while nobody looked, a column seems dropped and another one added; its values would be lost silently. */
function assertNotRenamed(
  dialect: Dialect,
  relation: Relation,
  missing: readonly number[],
  existing: ExistingTable,
): void {
  const left = foreignColumns(dialect, relation, existing).filter((column) => !column.generated);
  if (left.length === 0) return;
  const [old, added] = [left.map(({ name }) => name), missing.map((index) => relation.columns[index]?.name ?? '')];
  const place = dialect.place(relation.target).sql;
  const rename = `ALTER TABLE ${place} RENAME COLUMN ${dialect.quote(old[0] ?? '')} TO ${dialect.quote(added[0] ?? '')}`;
  const message = `${relationName(relation)} has the new column ${added.join(', ')}, and destination table ${place} has ${old.join(', ')}, which the source has not: renamed, or dropped and added?`;
  throw new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: `If it was renamed: ${rename}. If it was dropped, drop it at the destination too. Then start again.`,
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
