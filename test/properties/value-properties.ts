import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import { insert, type Pipe, remove, update, useBench } from '../contract/pipe.ts';
import type { OpenPlace, Place } from '../contract/place.ts';
import { catchUp } from '../support/pipeline.ts';
import { SEED } from '../support/seed.ts';
import { type FreshDatabase, freshDatabase, type SharedServer } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';
import type { EngineName } from '../support/type-vectors.ts';
import type { Case } from './cases.ts';
import { distinctKeys, type Keys, keyTable } from './keys.ts';
import { isFaithful } from './oracle.ts';
import { type Printed, printAll, type Value } from './printed.ts';
import { rulesOf, type Sorted, sortOut, type ValueTable, valueTables } from './value-tables.ts';
import { fill, sourceTableSql } from './whole-road.ts';

/** Values per type; some are drawn twice, and some are none of the type. */
const COUNT = 600;
/** Below the number that makes a load worth while. */
const FEW = 100;

export const say = (value: Value | undefined, found: string | null): string =>
  `${JSON.stringify(value?.text.slice(0, 200))} (from ${JSON.stringify(value?.literal.slice(0, 200))}): ${JSON.stringify(found?.slice(0, 200) ?? null)}`;

export interface Setting {
  readonly engine: EngineName;
  readonly source: SharedServer;
  readonly openPlace: OpenPlace;
  readonly cases: readonly Case[];
  /** What the server warned of. */
  readonly warned: string[];
}

/** What the tests of one destination look at: values that PostgreSQL printed, sorted by what the encoder says. */
export interface Values {
  readonly printed: readonly Printed[];
  readonly sorted: readonly Sorted[];
}

/**
 * Either the encoder refuses a value, or it is found again equal: never a third outcome, and never a warning of the
 * server.
 */
export function valueProperties({ engine, source, openPlace, cases, warned }: Setting): () => Values {
  const bench = useBench(openPlace);
  let database: FreshDatabase;
  let printed: readonly Printed[] = [];
  let sorted: readonly Sorted[] = [];
  let keys: readonly Keys[] = [];
  beforeAll(async () => {
    database = await freshDatabase(source);
    printed = await printAll(database.url, cases, SEED, COUNT);
    sorted = printed.map((one) => sortOut(engine, one));
    keys = await distinctKeys(database.url, engine, sorted);
  });
  afterAll(() => database.drop());
  beforeEach(() => {
    warned.length = 0;
  });

  const prepared = async (identity: 'key' | 'row'): Promise<{ pipe: Pipe; tables: readonly ValueTable[] }> => {
    const tables = valueTables(sorted, identity);
    const pipe = await bench.start({ rules: rulesOf(tables) });
    for (const { relation } of tables) await pipe.destination.prepare(relation);
    return { pipe, tables };
  };
  const check = async (pipe: Pipe, tables: readonly ValueTable[]): Promise<void> => {
    for (const table of tables) {
      expect(await unfaithful(bench.place, table), `seed ${SEED}`).toEqual([]);
      expect(await unlike(pipe, table), `seed ${SEED}, as verify reads it`).toEqual([]);
    }
    expect(warned, `seed ${SEED}`).toEqual([]);
  };

  it('arrives by the initial copy', async () => {
    const { pipe, tables } = await prepared('key');
    for (const { relation, rows } of tables) await pipe.copy(relation, rows);
    await check(pipe, tables);
  });

  it('arrives by the stream, many rows at once', async () => {
    const { pipe, tables } = await prepared('key');
    for (const { relation, rows } of tables) await pipe.apply(rows.map((row) => insert(relation, row)));
    await check(pipe, tables);
  });

  it('arrives by the stream, few rows at once', async () => {
    const { pipe, tables } = await prepared('key');
    for (const { relation, rows } of tables)
      for (let at = 0; at < rows.length; at += FEW)
        await pipe.apply(rows.slice(at, at + FEW).map((row) => insert(relation, row)));
    await check(pipe, tables);
  });

  it('arrives by updates that leave other columns as they are', async () => {
    const { pipe, tables } = await prepared('key');
    for (const { relation, rows } of tables) {
      await pipe.apply(rows.map((row) => insert(relation, [row[0] ?? null, ...row.slice(1).map(() => null)])));
      for (const odd of [0, 1]) await pipe.apply(rows.map((row) => update(relation, row.slice(0, 1), half(row, odd))));
    }
    await check(pipe, tables);
  });

  it('arrives from the source itself, by the copy and by the stream', async () => {
    const tables = valueTables(sorted, 'key');
    const { url } = database;
    const open = () => bench.place.open({ rules: rulesOf(tables) });
    const setup = { source: url, slot: `road_${database.name}`, open };
    await pgRows(url, tables.map(sourceTableSql).join(';'));
    await fill(url, tables, (rows) => [0, Math.floor(rows / 2)]);
    await catchUp(setup);
    await fill(url, tables, (rows) => [Math.floor(rows / 2), rows - 20]);
    await catchUp(setup);
    await fill(url, tables, (rows) => [rows - 20, rows]);
    await catchUp({ ...setup, pipeline: { limits: { rows: FEW, bytes: 1024 * 1024 } } });
    for (const table of tables) expect(await unfaithful(bench.place, table), `seed ${SEED}`).toEqual([]);
    expect(warned, `seed ${SEED}`).toEqual([]);
  });

  it('finds its row again among all others where there is no key', async () => {
    const { pipe, tables } = await prepared('row');
    for (const { relation, rows } of tables) {
      await pipe.apply(rows.map((row) => insert(relation, row)));
      await pipe.apply(rows.map((row) => remove(relation, row)));
      expect(await bench.rows(relation), `seed ${SEED}`).toEqual([]);
    }
    expect(warned, `seed ${SEED}`).toEqual([]);
  });

  it('stays a key of its own, and leads to its row', async () => {
    const tables = keys.map(({ sorted: one, texts }, n) => ({
      relation: keyTable(`keys_${n}`, one.printed.type),
      sorted: [one],
      texts,
    }));
    expect(tables.length * 2).toBeGreaterThan(cases.length);
    const pipe = await bench.start({ rules: rulesOf(tables) });
    for (const { relation, texts } of tables) {
      await pipe.destination.prepare(relation);
      await pipe.apply(texts.map((text) => insert(relation, ['old', text])));
      await pipe.apply(texts.map((text, i) => update(relation, [text], [`${i}`, text])));
      await pipe.apply(texts.flatMap((text, i) => (i % 2 === 0 ? [remove(relation, [text])] : [])));
      const found = (await bench.rows(relation)).map(([v]) => Number(v)).sort((a, b) => a - b);
      const wanted = texts.flatMap((_, i) => (i % 2 === 0 ? [] : [i]));
      expect(found, `seed ${SEED}, ${relation.columns[1]?.type.display}`).toEqual(wanted);
    }
    expect(warned, `seed ${SEED}`).toEqual([]);
  });

  return () => ({ printed, sorted });
}

/** Every second column, and the key. */
const half = (row: Row, odd: number): Row => row.map((value, i) => (i === 0 || i % 2 === odd ? value : UNCHANGED));

async function unfaithful(place: Place, { relation, sorted, rows }: ValueTable): Promise<string[]> {
  const names = relation.columns.map(({ name }) => place.quote(name)).join(', ');
  const found = await place.query(`SELECT ${names} FROM ${place.table(relation)} ORDER BY id`);
  const wrong = found.length === rows.length ? [] : [`${found.length} rows instead of ${rows.length}`];
  found.forEach((cells, n) => {
    sorted.forEach(({ printed: { test }, taken }, i) => {
      const [value, cell] = [taken[n], cells[i + 1] ?? null];
      const right = value ? cell !== null && isFaithful(test, place.engine, value, cell) : cell === null;
      if (!right) wrong.push(`${test.type} ${JSON.stringify(test.own ?? '')} ${say(value, cell)}`);
    });
  });
  return wrong.slice(0, 20);
}

/** What `read` and `canon` make of the table against what `expect` makes of the source's rows. */
async function unlike({ destination }: Pipe, { relation, rows }: ValueTable): Promise<string[]> {
  const reader = destination.reader(relation);
  const wanted = new Map(rows.map((row) => [row[0], JSON.stringify(reader.expect(row))]));
  const wrong: string[] = [];
  for await (const chunk of reader.scan(new AbortController().signal))
    for (const row of chunk) {
      const text = JSON.stringify(row);
      if (wanted.get(row[0] ?? null) !== text) wrong.push(`${text} instead of ${wanted.get(row[0] ?? null)}`);
      wanted.delete(row[0] ?? null);
    }
  return [...wrong, ...[...wanted.values()].map((row) => `missing: ${row}`)].slice(0, 20);
}
