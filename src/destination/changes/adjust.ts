import type { Change, Changes, RowChange } from '../../model/change.ts';
import { Pg2anyError } from '../../model/error.ts';
import { columnKey, columnRules, type ProblemClass, type ValueRules } from '../../model/mapping.ts';
import type { Relation } from '../../model/relation.ts';
import type { Row, Rows, Value } from '../../model/value.ts';
import type { ColumnCodec, Dialect } from '../contract.ts';
import { ValueProblem } from '../problem.ts';
import { keyOf } from '../refusal.ts';
import { type Shape, type Shorten, shortening } from './shorten.ts';

export type Replacing = 'null' | 'clamp';

/** A value that a policy replaced. */
export interface Lost {
  readonly relation: Relation;
  readonly column: number;
  /**
   * The row it belongs to: values of `relation.key`, or the whole row of a table without a key. Null for the default of
   * an added column, which belongs to every row.
   */
  readonly row: Row | null;
  readonly text: string;
  readonly problem: ProblemClass;
  readonly policy: Replacing;
}

interface Adjusted {
  readonly column: number;
  readonly codec: ColumnCodec;
  readonly policies: ReadonlyMap<ProblemClass, Replacing>;
}

type Replaced = (column: number, text: string, problem: ProblemClass, policy: Replacing) => void;

const UNRECORDED: Replaced = () => undefined;

/**
 * Replaces what a table's columns cannot hold, where their policies say so, before anything is planned: everything
 * behind it sees values that fit. Pure. What no policy covers is left for the encoder to refuse.
 */
export class Adjuster {
  private readonly relation: Relation;
  private readonly columns: readonly Adjusted[];
  private readonly shorten: Shorten | null;

  private constructor(relation: Relation, columns: readonly Adjusted[], shorten: Shorten | null) {
    this.relation = relation;
    this.columns = columns;
    this.shorten = shorten;
  }

  /** Null where no value of the table can be replaced. Throws CONFIG_INVALID where a key column's values would be. */
  static of(rules: ValueRules, dialect: Dialect, target: Shape): Adjuster | null {
    const { relation, codecs } = target;
    const columns = codecs.flatMap((codec, column) => adjusted(rules, relation, column, codec) ?? []);
    const shorten = shortening(rules, dialect, target);
    return columns.length === 0 && !shorten ? null : new Adjuster(relation, columns, shorten);
  }

  /** The change as it is written; `lost` takes what was replaced in it. */
  change(change: RowChange, lost: Lost[]): RowChange {
    const { relation, kind } = change;
    if (kind === 'delete') return { kind, relation, key: this.oldRow(change.key) };
    const { after } = change;
    const key = kind === 'update' ? change.key : null;
    const adjusted = this.row(after, (column, text, problem, policy) => {
      // the old row had it too: it was recorded then
      if (relation.identity === 'row' && key?.[column] === text) return;
      const row = relation.identity === 'key' ? keyOf(relation, after) : after;
      lost.push({ relation, column, row, text, problem, policy });
    });
    const old = key && this.oldRow(key);
    if (adjusted === after && old === key) return change;
    if (kind === 'insert' || old === null) return { kind: 'insert', relation, after: adjusted };
    return { kind, relation, key: old, after: adjusted };
  }

  /** The row with its replacements; the very same where nothing is replaced. */
  row(row: Row, replaced: Replaced = UNRECORDED): Row {
    let copy: Value[] | null = null;
    for (const one of this.columns) {
      const value = row[one.column];
      if (typeof value !== 'string') continue;
      const fitting = replacement(one, value, replaced);
      if (fitting === value) continue;
      copy ??= [...row];
      copy[one.column] = fitting;
    }
    const fitting = copy ?? row;
    return this.shorten?.(fitting, (column, text) => replaced(column, text, 'PACKET_TOO_LARGE', 'null')) ?? fitting;
  }

  /** Without a key a row is found by all its values, as they were written. */
  private oldRow(key: Row): Row {
    return this.relation.identity === 'row' ? this.row(key) : key;
  }
}

/** Replaces in all changes of these tables; the others pass as they are. */
export function adjustChanges(
  changes: Changes,
  adjusters: ReadonlyMap<Relation, Adjuster>,
  lost: Lost[],
): readonly Change[] {
  return Array.from(changes, (change) => {
    if (change.kind === 'truncate' || change.kind === 'message') return change;
    return adjusters.get(change.relation)?.change(change, lost) ?? change;
  });
}

/** A value that every row has in a column that was added, as `Adjuster` would write it. Pure. */
export function adjustDefault(
  rules: ValueRules,
  relation: Relation,
  [column, codec]: readonly [number, ColumnCodec],
  text: string,
): { readonly fill: string | null; readonly lost: Lost | null } {
  const one = adjusted(rules, relation, column, codec);
  let lost: Lost | null = null;
  const fill = one
    ? replacement(one, text, (at, original, problem, policy) => {
        lost = { relation, column: at, row: null, text: original, problem, policy };
      })
    : text;
  return { fill: typeof fill === 'string' ? fill : null, lost };
}

/** Rows of the initial copy. */
export function adjustRows(adjuster: Adjuster, relation: Relation, rows: Rows, lost: Lost[]): readonly Row[] {
  return Array.from(rows, (after) => {
    const change = adjuster.change({ kind: 'insert', relation, after }, lost);
    return change.kind === 'insert' ? change.after : after;
  });
}

/** Null where no value of the column can be replaced. Throws as `Adjuster.of`. */
function adjusted(rules: ValueRules, relation: Relation, column: number, codec: ColumnCodec): Adjusted | null {
  const policies = replacing(rules, relation, column, codec);
  if (policies.size === 0) return null;
  if (relation.identity !== 'key' || !relation.key.includes(column)) return { column, codec, policies };
  refuseForKey(rules, relation, column);
  return null;
}

/** The classes of values of this column that are replaced, with how. */
export function replacing(
  rules: ValueRules,
  relation: Relation,
  column: number,
  codec: Pick<ColumnCodec, 'problems'>,
): ReadonlyMap<ProblemClass, Replacing> {
  const { name = '', type } = relation.columns[column] ?? {};
  const { policy, type: chosenType } = columnRules(rules, relation, name);
  // a new label is followed, not replaced
  const followed = type?.enumLabels !== undefined && chosenType === null;
  return new Map(
    codec.problems.flatMap((problem): [ProblemClass, Replacing][] => {
      if (followed && problem === 'UNKNOWN_LABEL') return [];
      const chosen = policy(problem);
      return chosen === 'null' || chosen === 'clamp' ? [[problem, chosen]] : [];
    }),
  );
}

/** What becomes of values of this column that is not what they are, for people; null where nothing does. */
export function lossOf(rules: ValueRules, relation: Relation, column: number, codec: ColumnCodec): string | null {
  const isKey = relation.identity === 'key' && relation.key.includes(column);
  const policies = isKey ? [] : [...replacing(rules, relation, column, codec)];
  const named = (policy: Replacing): string[] =>
    policies.flatMap(([problem, one]) => (one === policy ? [problem] : []));
  const [nulls, clamps] = [named('null'), named('clamp')];
  const parts = [
    ...(codec.lossy === null ? [] : [codec.lossy]),
    ...(nulls.length === 0 ? [] : [`NULL in place of ${nulls.join(', ')}`]),
    ...(clamps.length === 0 ? [] : [`the nearest value in place of ${clamps.join(', ')}`]),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

/** A policy of the whole pipeline does not reach keys; one that was meant for this very column is a mistake. */
function refuseForKey(rules: ValueRules, relation: Relation, column: number): void {
  const key = columnKey(relation, relation.columns[column]?.name ?? '');
  const own = rules.columns.get(key)?.policies;
  if (!own) return;
  const named = [own.default, ...own.classes.values()].find((policy) => policy === 'null' || policy === 'clamp');
  if (named === undefined) return;
  const message = `the policy of ${key} is ${named}, but it is part of the key: different rows would become one`;
  throw new Pg2anyError('CONFIG_INVALID', message, {
    hint: `Set its policy to error or text: columns: { "${key}": { policy: text } }.`,
  });
}

/** A replacement may itself have too many digits, say: each class is met once. */
const TRIES = 3;

function replacement({ column, codec, policies }: Adjusted, original: string, replaced: Replaced): Value {
  let text = original;
  let first: readonly [ProblemClass, Replacing] | null = null;
  for (let i = 0; i < TRIES; i++) {
    const problem = problemOf(codec, text);
    if (problem === null) break;
    const policy = policies.get(problem);
    if (policy === undefined) return original;
    first ??= [problem, policy];
    if (policy === 'null') {
      replaced(column, original, ...first);
      return null;
    }
    const nearest = codec.nearest(text, problem);
    if (nearest === null) return original;
    text = nearest;
  }
  if (first) replaced(column, original, ...first);
  return text;
}

function problemOf(codec: ColumnCodec, text: string): ProblemClass | null {
  try {
    codec.encode(text);
    return null;
  } catch (error) {
    if (error instanceof ValueProblem) return error.problem;
    throw error;
  }
}
