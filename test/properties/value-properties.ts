import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import { insert, type Pipe, remove, update, useBench } from '../contract/pipe.ts';
import type { OpenPlace, Place } from '../contract/place.ts';
import { type FreshDatabase, freshDatabase, type SharedServer } from '../support/services.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { distinctKeys, type Keys, keyTable } from './keys.ts';
import { isFaithful, refusalOf } from './oracle.ts';
import { type Printed, printAll, type Value } from './printed.ts';
import { type Sorted, sortOut, type ValueTable, valueTables } from './value-tables.ts';

/** Values per type; some are drawn twice, and some are none of the type. */
const COUNT = 600;
const SEED = Number(process.env.CDC_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Below the number that makes a load worth while. */
const FEW = 100;

const say = (value: Value | undefined, found: string | null): string =>
  `${JSON.stringify(value?.text.slice(0, 200))} (from ${JSON.stringify(value?.literal.slice(0, 200))}): ${JSON.stringify(found?.slice(0, 200) ?? null)}`;

/**
 * Either the encoder refuses a value, by the right class and only where it must, or the value is found again equal:
 * never a third outcome, and never a warning of the server. Set CDC_TEST_SEED to see a failure again.
 */
export function valueProperties(
  engine: EngineName,
  source: SharedServer,
  openPlace: OpenPlace,
  warned: readonly string[],
): void {
  const bench = useBench(openPlace);
  let database: FreshDatabase;
  let printed: readonly Printed[] = [];
  let sorted: readonly Sorted[] = [];
  let keys: readonly Keys[] = [];
  beforeAll(async () => {
    database = await freshDatabase(source);
    printed = await printAll(database.url, SEED, COUNT);
    sorted = printed.map((one) => sortOut(engine, one));
    keys = await distinctKeys(database.url, sorted);
  });
  afterAll(() => database.drop());

  const prepared = async (identity: 'key' | 'row'): Promise<{ pipe: Pipe; tables: readonly ValueTable[] }> => {
    const pipe = await bench.start();
    const tables = valueTables(sorted, identity);
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

  it('is refused by its class exactly where there is no counterpart', () => {
    const wrong = sorted.flatMap(({ printed: { test }, taken, refused }) => [
      ...taken.flatMap((value) => {
        const must = refusalOf(test, engine, value.text);
        return must ? [`${test.type} ${say(value, null)} taken instead of ${must}`] : [];
      }),
      ...refused.flatMap(([value, problem]) => {
        const must = refusalOf(test, engine, value.text);
        return must === problem ? [] : [`${test.type} ${say(value, null)} ${problem} instead of ${must}`];
      }),
    ]);
    expect(wrong, `seed ${SEED}`).toEqual([]);
    const count = printed.reduce((sum, { values }) => sum + values.length, 0);
    expect(count).toBeGreaterThan(printed.length * 150);
    expect(printed.filter(({ values }) => values.length < 2).map(({ test }) => test.type)).toEqual([]);
  });

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
    const pipe = await bench.start();
    expect(keys.length).toBeGreaterThan(60);
    for (const [n, { type, texts }] of keys.entries()) {
      const table = keyTable(`keys_${n}`, type);
      await pipe.destination.prepare(table);
      await pipe.apply(texts.map((text) => insert(table, [text, 'old'])));
      await pipe.apply(texts.map((text, i) => update(table, [text], [text, `${i}`])));
      await pipe.apply(texts.flatMap((text, i) => (i % 2 === 0 ? [remove(table, [text])] : [])));
      const found = (await bench.rows(table)).map(([, v]) => Number(v)).sort((a, b) => a - b);
      expect(found, `seed ${SEED}, ${type.display}`).toEqual(texts.flatMap((_, i) => (i % 2 === 0 ? [] : [i])));
    }
    expect(warned, `seed ${SEED}`).toEqual([]);
  });
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
      if (!right) wrong.push(`${test.type} ${say(value, cell)}`);
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
