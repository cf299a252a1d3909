import type { TableShape } from '../../model/checkpoint.ts';
import { Pg2anyError } from '../../model/error.ts';
import { type Column, type Relation, relationName } from '../../model/relation.ts';
import type { SchemaRules } from '../../model/schema-rules.ts';
import { COPY_AGAIN } from '../../model/unsent.ts';
import type { Lost } from '../changes/adjust.ts';
import type { ColumnCodec, Dialect, ExistingTable, Place } from '../contract.ts';
import { unrepresentableDefault } from '../refusal.ts';
import { keepsValues } from '../values/widening.ts';
import type { Fills } from './fills.ts';
import { compareTable, keyNames, mismatch, problemsOf } from './fit.ts';
import { renamedLabel } from './labels.ts';
import type { Placed, Placement } from './placement.ts';
import { stepsOf } from './steps.ts';

/** A destination table, and the relation that it is to hold. */
export interface Meeting {
  readonly dialect: Dialect;
  readonly relation: Relation;
  readonly codecs: readonly ColumnCodec[];
  readonly place: Place;
  readonly existing: ExistingTable;
  readonly placement: Placement;
}

export interface EvolveOptions {
  readonly rules: SchemaRules;
  /** The table was created or adopted before: columns that it lacks were added at the source since. */
  readonly known: boolean;
  readonly shape: TableShape | null;
  readonly fills: Fills;
}

/** What has to be done before rows of the relation can be written. */
export interface Evolution {
  readonly sql: readonly string[];
  /** New columns that are not written, by index. */
  readonly ignored: readonly number[];
  /** Defaults of added columns that policies replaced. */
  readonly lost: readonly Lost[];
  /** Columns (by attribute number) whose values in the rows that are there nobody sent: then nothing else is said. */
  readonly unsent: readonly number[];
}

/**
 * What the destination table lacks, as statements that add and lose nothing, so that rows of the shape before can still
 * come. Throws TABLE_MISMATCH for a table that is new to us, SCHEMA_CHANGED where a change cannot or must not be followed.
 * Pure.
 */
export function evolve(meeting: Meeting, options: EvolveOptions): Evolution {
  const { dialect, relation, codecs, existing, placement, place } = meeting;
  const fit = compareTable(dialect, relation, codecs, existing, placement);
  const { missing, misfits, keyless, problems } = fit;
  const untold = options.shape === null ? misfits.length > 0 || keyless : false;
  if (problems.length > 0 || untold || (!options.known && missing.length > 0))
    throw mismatch(relation, place, problemsOf(relation, placement, options.known ? { ...fit, missing: [] } : fit));
  placement.columns.forEach((placed, index) => {
    assertKept(meeting, placed, index);
    assertLabels(meeting, placed, index);
  });
  const ignore = options.rules.changes === 'ignore' && options.shape !== null;
  const unsent = ignore ? [] : missing.flatMap((index) => unsentIn(meeting, index, options));
  if (unsent.length > 0) return { sql: [], ignored: [], lost: [], unsent };
  const added = ignore ? [] : missing.flatMap((index) => addition(meeting, index, options));
  const widened = misfits.flatMap(({ index, why }) => widening(meeting, index, why, options));
  const key = keyless ? [dialect.addKey(place, keyNames(relation, placement.columns))] : [];
  const sql = [...added, ...widened, ...key];
  if (options.rules.changes === 'stop') assertNothing(meeting, sql, options);
  if (ignore && sql.length > 0)
    throw refused(meeting, sql, 'changes are ignored, but without this no row can be written');
  const lost = ignore ? [] : missing.flatMap((index) => options.fills.lost.get(index) ?? []);
  return { sql, ignored: ignore ? ignorable(meeting, missing) : [], lost, unsent };
}

function addition(meeting: Meeting, index: number, { fills }: EvolveOptions): readonly string[] {
  const { dialect, relation, codecs, place, placement } = meeting;
  const [column, placed, codec] = [relation.columns[index], placement.columns[index], codecs[index]];
  if (!column || !placed || !codec) return [];
  const fill = column.attnum === null ? null : (fills.values.get(column.attnum) ?? null);
  try {
    return [dialect.addColumn(place, placed.name, codec, fill)];
  } catch (error) {
    throw unrepresentableDefault({ relation, codecs }, index, fill ?? '', error);
  }
}

/** Where the files are the same, no row was written again: without a value of PostgreSQL's own they hold NULL. */
function unsentIn({ relation }: Meeting, index: number, { fills, shape }: EvolveOptions): readonly number[] {
  const { attnum, unfilled } = relation.columns[index] ?? { attnum: null };
  if (attnum === null || !unfilled || fills.values.has(attnum)) return [];
  return rewritten(relation, shape) ? [attnum] : [];
}

/**
 * A default that differs from row to row (`gen_random_uuid()`, an identity) is written into each, as a new table; so is a
 * constant one by VACUUM FULL and all else that writes the table again.
 */
const rewritten = ({ storage }: Relation, shape: TableShape | null): boolean =>
  storage !== undefined && shape?.files !== storage.files;

function ignorable({ relation }: Meeting, missing: readonly number[]): readonly number[] {
  const key = relation.identity === 'key' ? relation.key.find((index) => missing.includes(index)) : undefined;
  if (key === undefined) return missing;
  const message = `column ${relation.columns[key]?.name} is part of the key of ${relationName(relation)} now, and is not at the destination`;
  throw new Pg2anyError('SCHEMA_CHANGED', message, { hint: COPY_AGAIN });
}

/** The stream does not send again what ALTER COLUMN TYPE made of the rows that were there. */
function assertKept({ relation, codecs, place }: Meeting, { known, found }: Placed, index: number): void {
  const column = relation.columns[index];
  if (!column || !known || !found) return;
  const kept = keepsValues({ oid: known.typeOid, typmod: known.typmod }, column.type);
  if (kept === 'text' || (kept === 'value' && codecs[index]?.storage !== 'text')) return;
  const message = `column ${column.name} of ${relationName(relation)} is ${column.type.display} now, and the values of rows that were there before may have changed with its type, which the stream does not tell; destination table ${place.sql} holds the old ones`;
  throw new Pg2anyError('SCHEMA_CHANGED', message, { hint: COPY_AGAIN });
}

/** Nobody sends the rows again whose label got another name, and a new label may have the name of an old one. */
function assertLabels({ relation, codecs, place }: Meeting, { known, found }: Placed, index: number): void {
  const [column, codec] = [relation.columns[index], codecs[index]];
  const renamed = column && codec && known && found ? renamedLabel(column, codec, known) : null;
  if (!renamed) return;
  const message = `the label '${renamed.from}' of ${column?.type.display} was renamed to '${renamed.to}', and the rows in column ${column?.name} of destination table ${place.sql} of ${relationName(relation)} hold the old one`;
  throw new Pg2anyError('SCHEMA_CHANGED', message, { hint: COPY_AGAIN });
}

function widening(meeting: Meeting, index: number, why: string, { shape }: EvolveOptions): readonly string[] {
  const { dialect, relation, codecs, place, placement } = meeting;
  const [column, placed, codec] = [relation.columns[index], placement.columns[index], codecs[index]];
  if (!column || !placed?.found || !codec) return [];
  const fill = shape?.columns.find(({ attnum }) => attnum === column.attnum)?.fill ?? null;
  const isKey = relation.identity === 'key' && relation.key.includes(index);
  const key = isKey ? keyNames(relation, placement.columns) : null;
  const sql = dialect.changeColumn(place, placed.name, codec, { key, fill });
  const foreignDefault = placed.found.hasDefault && fill === null;
  if (sql !== null && !foreignDefault && dialect.widens(placed.found, codec)) return sql;
  throw changed(meeting, column, why, sql);
}

function changed({ relation, place }: Meeting, column: Column, why: string, sql: readonly string[] | null) {
  const message = `column ${column.name} of ${relationName(relation)} is ${column.type.display} now, which destination table ${place.sql} does not hold: ${why}`;
  const run = sql === null ? '' : ` Or, if no value is lost by it, run: ${sql.join('; ')}; and start again.`;
  return new Pg2anyError('SCHEMA_CHANGED', message, { hint: `${COPY_AGAIN}${run}` });
}

/** With `schemaChanges: stop`: the first change that would alter the destination. */
function assertNothing(meeting: Meeting, sql: readonly string[], { rules, shape }: EvolveOptions): void {
  const later = shape === null ? [] : stepsOf(meeting, meeting.placement.known, rules).map((step) => step.sql);
  const all = [...sql, ...later, ...move(meeting, shape)];
  if (all.length > 0) throw refused(meeting, all, 'schemaChanges is stop');
}

function move({ dialect, relation, place }: Meeting, shape: TableShape | null): readonly string[] {
  if (shape === null || dialect.samePlace(shape.target) === dialect.samePlace(relation.target)) return [];
  return dialect.renameTable(place, dialect.place(relation.target));
}

function refused({ relation, place }: Meeting, sql: readonly string[], why: string): Pg2anyError {
  const message = `${relationName(relation)} has changed, and destination table ${place.sql} has to follow, but ${why}`;
  return new Pg2anyError('SCHEMA_CHANGED', message, { hint: `Run: ${sql.join('; ')}; and start again.` });
}
