import type { ColumnCodec, Dialect } from '../../src/destination/contract.ts';
import { mysqlDialect } from '../../src/destination/mysql/dialect.ts';
import { guessedServer } from '../../src/destination/mysql/server.ts';
import { ValueProblem } from '../../src/destination/problem.ts';
import { sqliteDialectWith } from '../../src/destination/sqlite/dialect.ts';
import { columnKey, DEFAULT_RULES, type ValueRules } from '../../src/model/mapping.ts';
import type { Column, Relation } from '../../src/model/relation.ts';
import type { Row } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import type { EngineName } from '../support/type-vectors.ts';
import type { Printed, Value } from './printed.ts';

export const dialectOf = (engine: EngineName, rules: ValueRules): Dialect =>
  engine === 'sqlite'
    ? sqliteDialectWith(rules)
    : mysqlDialect(guessedServer(engine === 'mysql' ? 'MySQL' : 'MariaDB'), rules);

interface Chosen {
  readonly relation: Relation;
  /** Of the last columns. */
  readonly sorted: readonly { readonly printed: Pick<Printed, 'test'> }[];
}

/** What was chosen for the columns of these tables. */
export const rulesOf = (tables: readonly Chosen[]): ValueRules => ({
  ...DEFAULT_RULES,
  columns: new Map(
    tables.flatMap(({ relation: one, sorted }) =>
      sorted.flatMap(({ printed: { test } }, i) =>
        test.own ? [[columnKey(one, one.columns.at(i - sorted.length)?.name ?? ''), test.own] as const] : [],
      ),
    ),
  ),
});

/** A type whose values were sorted into those that the encoder takes and those that it refuses, with the class. */
export interface Sorted {
  readonly printed: Printed;
  readonly taken: readonly Value[];
  readonly refused: readonly (readonly [Value, problem: string])[];
  readonly codec: ColumnCodec;
}

export function sortOut(engine: EngineName, printed: Printed): Sorted {
  const alone = tableOf('alone', [printed]);
  const codec = dialectOf(engine, rulesOf([{ relation: alone, sorted: [{ printed }] }])).codecs(alone)[1];
  if (!codec) throw new Error(`no codec for ${printed.test.type}`);
  const taken: Value[] = [];
  const refused: [Value, string][] = [];
  for (const value of printed.values) {
    const problem = refusal(codec, value.text);
    if (problem === null) taken.push(value);
    else refused.push([value, problem]);
  }
  return { printed, taken, refused, codec };
}

/** The class by which the encoder refuses a value; null where it takes it. */
export function refusal(codec: ColumnCodec, text: string): string | null {
  const problem = tried(codec, text);
  const bytes = Buffer.from(text);
  const into = Buffer.alloc(bytes.length + 2);
  const end = bytes.length === text.length ? (codec.transcribe?.(bytes, 0, bytes.length, into, 1) ?? -1) : -1;
  const written = into.toString('latin1', 1, end);
  if (end >= 0 && (problem !== null || codec.encode(text) !== written))
    return `TRANSCRIBED as ${written}, but ${problem ?? codec.encode(text)}`;
  return problem;
}

function tried(codec: ColumnCodec, text: string): string | null {
  try {
    codec.encode(text);
    return null;
  } catch (error) {
    return error instanceof ValueProblem ? error.problem : String(error);
  }
}

/** A table with the id and a column for each type. */
export interface ValueTable {
  readonly relation: Relation;
  readonly sorted: readonly Sorted[];
  readonly rows: readonly Row[];
}

/** Few enough that no column is widened for the sake of the others. */
const COLUMNS = 8;

/** All values that the encoder takes; shorter columns end with NULLs. */
export function valueTables(sorted: readonly Sorted[], identity: 'key' | 'row'): readonly ValueTable[] {
  const tables: ValueTable[] = [];
  for (let at = 0; at < sorted.length; at += COLUMNS) {
    const some = sorted.slice(at, at + COLUMNS);
    const count = Math.max(...some.map(({ taken }) => taken.length));
    const rows = Array.from({ length: count }, (_, n) => [`${n}`, ...some.map(({ taken }) => taken[n]?.text ?? null)]);
    const name = `values_${identity}_${tables.length}`;
    tables.push({
      relation: tableOf(
        name,
        some.map(({ printed }) => printed),
        identity,
      ),
      sorted: some,
      rows,
    });
  }
  return tables;
}

function tableOf(name: string, list: readonly Printed[], identity: 'key' | 'row' = 'key'): Relation {
  const base = relation(name, ['id int8'], identity === 'key' ? ['id'] : 'row');
  const more = list.map(({ type }, i): Column => ({ name: `c${i}`, type, notNull: false, attnum: i + 2 }));
  const columns = [...base.columns, ...more];
  return { ...base, columns, key: identity === 'key' ? [0] : columns.map((_, i) => i) };
}
