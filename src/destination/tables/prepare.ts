import type { TableShape } from '../../model/checkpoint.ts';
import type { ColumnDefaults, Prepared, Unsent } from '../../model/destination.ts';
import { asPg2anyError, Pg2anyError } from '../../model/error.ts';
import type { ValueRules } from '../../model/mapping.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { Lost } from '../changes/adjust.ts';
import { Projection } from '../changes/projection.ts';
import type { Dialect, Engine, Session, Target } from '../contract.ts';
import { inTransaction } from '../ledger/ledger.ts';
import { type Evolution, type EvolveOptions, evolve, type Meeting } from './evolve.ts';
import { type Fills, fillsOf } from './fills.ts';
import { targetOf } from './fit.ts';
import { withLabels } from './labels.ts';
import { asHeld, facts, placeColumns, remembered, withTypes } from './placement.ts';
import { isSettled } from './steps.ts';

export interface PrepareOptions extends Omit<EvolveOptions, 'fills'> {
  readonly values: ValueRules;
  readonly defaults: ColumnDefaults;
  readonly autoCreateTables: boolean;
  /** The rows that the source had are in it: it must be there. */
  readonly copied: boolean;
  readonly remember: (shape: TableShape) => Promise<void>;
  /** Records defaults of added columns that policies replaced; again for the same is once. */
  readonly lose: (lost: readonly Lost[]) => Promise<void>;
  /** Called before DDL, which may commit what is open. */
  readonly beforeDdl: () => Promise<void>;
}

export interface PreparedTarget extends Prepared {
  /** Without the columns that are not written. */
  readonly target: Target;
  /** Null where every column is written. */
  readonly projection: Projection | null;
  /** To be remembered. */
  readonly shape: TableShape;
}

/** Nothing was done: see `Prepared.unsent`. */
export interface Undone extends Prepared {
  readonly unsent: Unsent;
}

/**
 * Creates the table, checks an existing one, or adds the columns that it lacks. What else has changed at the source is
 * left to `settleTable`: until then rows go to the columns under their present names. Idempotent.
 */
export async function prepareTable(
  engine: Engine,
  session: Session,
  described: Relation,
  options: PrepareOptions,
): Promise<PreparedTarget | Undone> {
  const { dialect } = engine;
  const relation = asHeld(described, options.shape);
  const found = await find(engine, session, relation, options);
  const fills = fillsOf(options.values, relation, dialect.codecs(relation), options.defaults);
  const { action, sql, ignored, unsent } = found
    ? await adopt(engine, session, found, { ...options, fills })
    : { ...(await create(engine, session, relation, options)), ignored: [], unsent: [] };
  if (found && unsent.length > 0) {
    const empty = (await session.rows(dialect.anyRow(found.place.sql))).length === 0;
    return { action, table: found.place.sql, sql, road: '', unsent: { columns: unsent, empty } };
  }
  const home = found?.home ?? relation.target;
  const place = dialect.place(home);
  const existing = sql.length === 0 ? found?.existing : await engine.describe(session, place);
  if (!existing) throw new Pg2anyError('DESTINATION_FAILED', `table ${place.sql} is not there after it was created`);
  const placement = placeColumns(dialect, relation, found ? options.shape : null, existing);
  const unwritten = new Set(
    placement.columns.flatMap(({ known }, i) => (known?.ignored || ignored.includes(i) ? [i] : [])),
  );
  const projection = unwritten.size === 0 ? null : new Projection(described, unwritten);
  const written = projection?.relation ?? described;
  const codecs = dialect.codecs(asHeld(written, options.shape));
  const placed = placement.columns.filter((_, i) => !unwritten.has(i));
  const target = targetOf(dialect, written, place, codecs, existing, placed);
  const columns = withLabels(
    remembered(relation, placement, unwritten, fills.values),
    relation,
    dialect.codecs(relation),
  );
  const { schema, name } = described;
  const origin = options.shape?.origin ?? { schema, name };
  const files = described.storage?.latest ? described.storage.files : options.shape?.files;
  const shape: TableShape = { target: home, origin, ...(files === undefined ? {} : { files }), columns };
  const deferred = options.rules.changes === 'apply' && !isSettled(described, shape);
  return { action, table: place.sql, sql, road: dialect.road(target), deferred, target, projection, shape };
}

/** The table as it is remembered or where it should be, null where there is none. */
async function find(
  engine: Engine,
  session: Session,
  relation: Relation,
  { shape, copied }: PrepareOptions,
): Promise<Found | null> {
  const { dialect } = engine;
  const home = shape?.target ?? relation.target;
  const place = dialect.place(home);
  const existing = await engine.describe(session, place);
  if (!existing && copied) {
    const message = `destination table ${place.sql} of ${relationName(relation)} was there, and is gone`;
    throw new Pg2anyError('TABLE_MISSING', message, {
      hint: 'Put it back, or delete its line from pg2any_tables there: then the table is copied again.',
    });
  }
  if (!existing) return null;
  const codecs = dialect.codecs(relation);
  return {
    home,
    dialect,
    relation,
    codecs,
    place,
    existing,
    placement: placeColumns(dialect, relation, shape, existing),
  };
}

interface Found extends Meeting {
  readonly home: Relation['target'];
}

type Done = Pick<Prepared, 'action' | 'sql'>;

async function create(engine: Engine, session: Session, relation: Relation, options: PrepareOptions): Promise<Done> {
  const sql = engine.dialect.createTable(relation, engine.dialect.codecs(relation));
  if (!options.autoCreateTables) throw tableMissing(engine.dialect, relation, sql);
  await intend(relation, options);
  return { action: 'created', sql: await ddl(engine, session, sql, options) };
}

/**
 * Remembered before it is there: if this process ends in between, and the source table changes meanwhile, the next one
 * knows the table for ours and what its columns were.
 */
async function intend(relation: Relation, { shape, remember, beforeDdl }: PrepareOptions): Promise<void> {
  if (shape !== null) return;
  const { target, schema, name } = relation;
  const columns = relation.columns.flatMap((column) =>
    column.attnum === null ? [] : [{ ...facts(column, column.attnum), column: column.name }],
  );
  await beforeDdl();
  await remember({ target, origin: { schema, name }, columns });
}

/** Creating it is left to the user. */
export function tableMissing(dialect: Dialect, relation: Relation, sql: readonly string[]): Pg2anyError {
  const message = `the destination has no table ${dialect.place(relation.target).sql} for ${relationName(relation)}`;
  return new Pg2anyError('TABLE_MISSING', message, { hint: `Create it: ${sql.join('; ')}` });
}

async function adopt(
  engine: Engine,
  session: Session,
  meeting: Found,
  options: PrepareOptions & { readonly fills: Fills },
): Promise<Done & Pick<Evolution, 'ignored' | 'unsent'>> {
  const { sql, ignored, lost, unsent } = evolve(meeting, options);
  if (sql.length > 0) await announce(meeting, options);
  if (lost.length > 0) {
    await options.beforeDdl();
    await options.lose(lost);
  }
  if (sql.length === 0) return { action: options.known ? 'unchanged' : 'adopted', sql, ignored, unsent };
  try {
    return { action: 'altered', sql: await ddl(engine, session, sql, options), ignored, unsent };
  } catch (error) {
    throw options.shape === null ? error : unfollowed(meeting, sql, error);
  }
}

/** What passes by itself is tried again; the rest needs somebody who looks at the table. */
function unfollowed({ relation, place }: Found, sql: readonly string[], error: unknown): unknown {
  const failure = asPg2anyError(error);
  if (failure.retry) return failure;
  const message = `${relationName(relation)} has changed, and destination table ${place.sql} cannot follow: ${failure.message}`;
  return new Pg2anyError('SCHEMA_CHANGED', message, {
    hint: `Make it possible, or run what comes to the same as: ${sql.join('; ')}; then start again. Or copy the table again: drop it at the destination and delete its line from pg2any_tables there.`,
    cause: error,
  });
}

/** Rows of the shape before may come again: that their columns are wider by then has to be known whatever happens. */
async function announce({ relation, placement }: Found, { shape, remember, beforeDdl }: PrepareOptions): Promise<void> {
  const columns = withTypes(placement.known, relation);
  if (shape === null || columns.every((one, i) => one === placement.known[i])) return;
  await beforeDdl();
  await remember({ ...shape, columns });
}

async function ddl(
  { dialect }: Engine,
  session: Session,
  statements: readonly string[],
  options: PrepareOptions,
): Promise<readonly string[]> {
  await options.beforeDdl();
  const run = async (): Promise<void> => {
    for (const statement of statements) await session.runLong(statement);
  };
  await (dialect.transactionalDdl ? inTransaction(session, run) : run());
  return statements;
}
