import type { TableShape } from '../../model/checkpoint.ts';
import type { ColumnDefaults, PlannedColumn, TablePlan } from '../../model/destination.ts';
import { asPg2anyError } from '../../model/error.ts';
import type { ValueRules } from '../../model/mapping.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { SchemaRules } from '../../model/schema-rules.ts';
import { unsentValues } from '../../model/unsent.ts';
import type { ColumnCodec, Dialect, Engine, ExistingTable, Place, Session, Target } from '../contract.ts';
import { evolve, type Meeting } from './evolve.ts';
import { fillsOf, withNulls } from './fills.ts';
import { targetOf } from './fit.ts';
import { asHeld, placeColumns } from './placement.ts';
import { tableMissing } from './prepare.ts';
import { stepsOf } from './steps.ts';

export interface PlanOptions {
  readonly autoCreateTables: boolean;
  readonly rules: SchemaRules;
  readonly values: ValueRules;
  /** As it is remembered from an earlier run. */
  readonly shape: TableShape | null;
  readonly defaults: ColumnDefaults;
  readonly columns: (relation: Relation) => readonly PlannedColumn[];
}

type Outcome = Pick<TablePlan, 'action' | 'sql' | 'road'>;

/** What preparing and settling this table would do. Changes nothing. */
export async function planTable(
  engine: Engine,
  session: Session,
  described: Relation,
  options: PlanOptions,
): Promise<TablePlan> {
  const { dialect } = engine;
  const home = options.shape?.target ?? described.target;
  const about = { table: relationName(described), destination: dialect.place(home).sql };
  let columns: readonly PlannedColumn[] = [];
  try {
    columns = options.columns(described);
    const relation = asHeld(described, options.shape);
    const codecs = dialect.codecs(relation);
    const existing = await engine.describe(session, dialect.place(home));
    const outcome = existing
      ? changed({ relation, codecs, existing }, dialect, options)
      : created({ relation, codecs }, dialect, options);
    return { ...about, columns, ...outcome, problems: [] };
  } catch (error) {
    const { message, hint } = asPg2anyError(error);
    return { ...about, columns, action: 'blocked', sql: [], road: null, problems: [{ message, hint }] };
  }
}

interface Fresh {
  readonly relation: Relation;
  readonly codecs: readonly ColumnCodec[];
}

function created({ relation, codecs }: Fresh, dialect: Dialect, { autoCreateTables }: PlanOptions): Outcome {
  const sql = dialect.createTable(relation, codecs);
  if (!autoCreateTables) throw tableMissing(dialect, relation, sql);
  const target: Target = {
    relation,
    place: dialect.place(relation.target),
    codecs,
    columns: relation.columns.map(({ name }) => dialect.quote(name)),
    ordered: relation.identity === 'key' ? null : { reason: 'no key', shared: false },
    bare: true,
    furtherUnique: false,
  };
  return { action: 'create', sql, road: dialect.road(target) };
}

/** A table that the source renamed or moved. */
const moveSql = (dialect: Dialect, from: Place, to: Place): readonly string[] =>
  from.sql === to.sql ? [] : dialect.renameTable(from, to);

function changed(
  { relation, codecs, existing }: Fresh & { readonly existing: ExistingTable },
  dialect: Dialect,
  { rules, values, shape, defaults }: PlanOptions,
): Outcome {
  const place = dialect.place(shape?.target ?? relation.target);
  const placement = placeColumns(dialect, relation, shape, existing);
  const meeting: Meeting = { dialect, relation, codecs, place, existing, placement };
  const fills = fillsOf(values, relation, codecs, defaults);
  const options = { rules, known: shape !== null, shape, fills };
  const { unsent } = evolve(meeting, options);
  if (unsent.length > 0 && rules.changes !== 'apply') throw unsentValues(relation, unsent);
  const { sql: now } = evolve(meeting, { ...options, fills: withNulls(fills, unsent) });
  const later = rules.changes === 'apply' ? stepsOf(meeting, placement.known, rules).map((step) => step.sql) : [];
  const move = rules.changes === 'apply' && shape ? moveSql(dialect, place, dialect.place(relation.target)) : [];
  const sql = [...now, ...later, ...move];
  const road = dialect.road(targetOf(dialect, relation, place, codecs, existing, placement.columns));
  return { action: unsent.length > 0 ? 'copy' : sql.length > 0 ? 'alter' : 'keep', sql, road };
}
