import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/model/error-codes.ts';
import { DEFAULT_RULES } from '../../src/model/mapping.ts';
import type { Relation } from '../../src/model/relation.ts';
import { type Row, UNCHANGED, type Value } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import { type EngineName, keyPairs, keyTypeOf, sourceText, typeOf } from '../support/type-vectors.ts';
import { insert, type Pipe, remove, update, useBench } from './pipe.ts';
import type { OpenPlace, Place } from './place.ts';
import {
  arrived,
  byType,
  expected,
  isBeyond,
  representable,
  shown,
  unrepresentable,
  type VectorTable,
  vectorTables,
} from './vector-tables.ts';

/** Every golden vector by every road. */
export function valueContract(engine: EngineName, openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  const prepareAll = async (pipe: Pipe, tables: readonly VectorTable[]) => {
    for (const { relation } of tables) await pipe.destination.prepare(relation);
  };

  it.each([0, 1200])('keeps all values through the initial copy (at least %i rows)', async (minimum) => {
    const tables = vectorTables(engine, 'key', minimum).map(short);
    const pipe = await bench.start();
    await prepareAll(pipe, tables);
    for (const table of tables) await pipe.copy(table.relation, table.rows);
    for (const table of tables) expect(await wrongCells(bench.place, table)).toEqual([]);
  });

  it.each([0, 1200])('keeps all values through the stream (at least %i rows)', async (minimum) => {
    const tables = vectorTables(engine, 'key', minimum).map(short);
    const pipe = await bench.start();
    await prepareAll(pipe, tables);
    await pipe.apply(tables.flatMap(({ relation, rows }) => rows.map((row) => insert(relation, row))));
    for (const table of tables) expect(await wrongCells(bench.place, table)).toEqual([]);
  });

  it('keeps all values through updates that send one column only', async () => {
    const tables = vectorTables(engine, 'key');
    const pipe = await bench.start();
    await prepareAll(pipe, tables);
    for (const { relation, rows } of tables) {
      await pipe.apply(
        rows.map(([id]) => insert(relation, [id ?? null, ...relation.columns.slice(1).map(() => null)])),
      );
      await pipe.apply(
        rows.flatMap(([id, ...values]) =>
          values.map((value, i) => {
            const after = relation.columns.map(
              (_, c): Value => (c === 0 ? (id ?? null) : c === i + 1 ? value : UNCHANGED),
            );
            return update(relation, [id ?? null], after);
          }),
        ),
      );
    }
    for (const table of tables) expect(await wrongCells(bench.place, table)).toEqual([]);
  });

  it('finds rows without a key by all their values', async () => {
    const tables = vectorTables(engine, 'row');
    const pipe = await bench.start();
    await prepareAll(pipe, tables);
    for (const { relation, rows } of tables) {
      await pipe.apply(rows.map((row) => insert(relation, row)));
      await pipe.apply(rows.map((row) => update(relation, row, [`1${row[0] as string}`, ...row.slice(1)])));
      const moved = rows.map((row) => [`1${row[0] as string}`, ...row.slice(1)]);
      expect((await bench.place.query(`SELECT id FROM ${bench.place.table(relation)}`)).flat().sort()).toEqual(
        moved.map(([id]) => id).sort(),
      );
      await pipe.apply(moved.map((row) => remove(relation, row)));
      expect(await bench.rows(relation)).toEqual([]);
    }
  });

  it('reads back for verify what the source said', async () => {
    const tables = vectorTables(engine, 'key');
    const pipe = await bench.start();
    await prepareAll(pipe, tables);
    for (const { relation, rows } of tables) {
      await pipe.copy(relation, rows);
      const reader = pipe.destination.reader(relation);
      const wanted = new Map<Value, Row>(rows.map((row) => [row[0] ?? null, reader.expect(row)]));
      let scanned = 0;
      for await (const chunk of reader.scan(new AbortController().signal))
        for (const row of chunk) {
          expect(row).toEqual(wanted.get(row[0] ?? null));
          scanned++;
        }
      expect(scanned).toBe(rows.length);
      for (const [id, row] of wanted) expect(await reader.find([id])).toEqual(row);
      expect(await reader.find(['999999'])).toBeNull();
    }
  });

  const refused = unrepresentable(engine);
  if (refused.length > 0) refusals(engine, openPlace);

  describe('as keys', () => keyValues(engine, openPlace, false));
  if (engine === 'sqlserver') describe('as keys by their hash', () => keyValues(engine, openPlace, true));
}

/** Long rows are one too many for the big sets: the value alone is enough there. */
const short = (table: VectorTable): VectorTable => {
  if (table.rows.length < 1000) return table;
  const trim = table.rows.map((row, i) =>
    row.map((value) => (i >= 3 && typeof value === 'string' && value.length > 5000 ? null : value)),
  );
  const cells = table.cells.map((line, i) =>
    line.map((vector) => (i >= 3 && vector && (sourceText(vector)?.length ?? 0) > 5000 ? null : vector)),
  );
  return { ...table, rows: trim, cells };
};

/** Cells that do not read back as the vectors say, in words. */
async function wrongCells(place: Place, { relation, cells }: VectorTable): Promise<string[]> {
  const columns = relation.columns.map(({ name }) => place.quote(name)).join(', ');
  const found = await place.query(`SELECT ${columns} FROM ${place.table(relation)} ORDER BY id`);
  const wrong: string[] = found.length === cells.length ? [] : [`${found.length} rows instead of ${cells.length}`];
  cells.forEach((line, i) => {
    line.forEach((vector, c) => {
      const text = found[i]?.[c + 1] ?? null;
      const wanted = vector ? expected(vector, place.engine) : null;
      if (!arrived(vector, place.engine, text))
        wrong.push(`${vector?.id} ${vector?.pgType}: ${shown(text)} instead of ${shown(wanted)}`);
    });
  });
  return [...new Set(wrong)];
}

function refusals(engine: EngineName, openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  it('refuses each value without a counterpart by its class, before anything is written', {
    timeout: 180_000,
  }, async () => {
    const pipe = await bench.start();
    for (const [name, list] of byType(unrepresentable(engine))) {
      const [first] = list;
      if (!first) continue;
      const table = valueTable(`refused ${name}`.replace(/[^a-z0-9]/g, '_'), typeOf(first));
      await pipe.destination.prepare(table);
      for (const vector of list) {
        const problem = vector[engine].unrepresentable ?? '';
        const wanted = { code: 'VALUE_UNREPRESENTABLE', message: expect.stringContaining(problem) };
        const others = (count: number) => Array.from({ length: count }, (_, i) => [`${i + 10}`, null]);
        for (const count of [1, 1500]) {
          const rows = [...others(count), ['1', sourceText(vector)]];
          await expect(
            pipe.apply(rows.map((row) => insert(table, row))),
            `${vector.id} in the stream`,
          ).rejects.toMatchObject(wanted);
          await pipe.destination.reconnect();
          await expect(pipe.copy(table, rows), `${vector.id} in the copy`).rejects.toMatchObject(wanted);
          await pipe.destination.reconnect();
        }
        await pipe.apply([insert(table, ['1', null])]);
        const patch = pipe.apply([update(table, ['1'], ['1', sourceText(vector)])]);
        await expect(patch, `${vector.id} in an update`).rejects.toMatchObject(wanted);
        await pipe.destination.reconnect();
        expect(await bench.rows(table), `${vector.id}`).toEqual([['1', null]]);
        await pipe.apply([remove(table, ['1'])]);
      }
    }
    expect(ERROR_CODES.VALUE_UNREPRESENTABLE.retry).toBe(false);
  });
}

function valueTable(name: string, type: Relation['columns'][number]['type']): Relation {
  const base = relation(name, ['id int8', 'v text'], ['id']);
  return { ...base, columns: base.columns.map((column, i) => (i === 1 ? { ...column, type } : column)) };
}

/** Types without a btree operator class, which PostgreSQL cannot have in a primary key. */
const NO_KEY = new Set(
  'json xml point lseg box path polygon cid xid geography geometry jsonpath lquery sparsevec int2vector refcursor pg_snapshot'.split(
    ' ',
  ),
);

/** SQL Server ignores spaces and zero bytes at the end of a key: such keys are refused there, or known by their hash. */
const endsInNothing = (text: string): boolean => / $|^\\x((..)*00)?$/.test(text);

function keyValues(engine: EngineName, openPlace: OpenPlace, hash: boolean): void {
  const bench = useBench(openPlace);
  const rules = { ...DEFAULT_RULES, types: { ...DEFAULT_RULES.types, keysText: hash ? 'hash' : 'varchar' } } as const;
  const possible = (text: string): boolean =>
    !isBeyond(engine, text) && (engine !== 'sqlserver' || hash || !endsInNothing(text));

  const keyTable = (name: string, type: Relation['columns'][number]['type']): Relation => {
    const base = relation(name, ['k text', 'v text'], ['k']);
    return { ...base, columns: base.columns.map((column, i) => (i === 0 ? { ...column, type } : column)) };
  };

  it('finds every value again for update and delete', { timeout: 180_000 }, async () => {
    const pipe = await bench.start({ rules });
    const candidates = representable(engine).filter((vector) => !NO_KEY.has(vector.base.typname.replace(/^_/, '')));
    for (const list of byType(candidates).values()) {
      const [first] = list;
      const texts = [...new Set(list.map(sourceText))].filter(
        (text): text is string => text !== null && text.length <= 700 && possible(text),
      );
      if (!first || texts.length === 0) continue;
      const table = keyTable(`keys_${first.id}`, typeOf(first));
      await pipe.destination.prepare(table);
      const reader = pipe.destination.reader(table);
      await pipe.apply(texts.map((text, i) => insert(table, [text, `${i}`])));
      await pipe.apply(texts.map((text, i) => update(table, [text], [text, `new ${i}`])));
      for (const [i, text] of texts.entries()) {
        const found = await reader.find([text]);
        expect(found, `${first.pgType} ${shown(text)}`).toEqual(reader.expect([text, `new ${i}`]));
      }
      expect(await bench.rows(table), first.pgType).toHaveLength(texts.length);
      await pipe.apply(texts.map((text) => update(table, [text], [text, UNCHANGED])));
      await pipe.apply(texts.map((text) => remove(table, [text])));
      expect(await bench.rows(table), first.pgType).toEqual([]);
    }
  });

  it.each([0, 1500])('keeps distinct keys distinct, among %i others', { timeout: 180_000 }, async (others) => {
    const pipe = await bench.start({ rules });
    for (const [i, pair] of keyPairs.entries()) {
      if (!pair.pgText.every(possible)) continue;
      const type = keyTypeOf(pair);
      const table = keyTable(`pair_${i}`, type);
      const what = `${pair.pgType}: ${pair.note}`;
      const [a, b] = pair.pgText;
      const crowd = type.name === 'text' || type.name === 'varchar' ? others : 0;
      const rest = Array.from({ length: crowd }, (_, n) => insert(table, [`other ${n}`, 'other']));
      await pipe.destination.prepare(table);
      await pipe.apply([...rest, insert(table, [a, 'a']), insert(table, [b, 'b'])]);
      await pipe.apply([update(table, [b], [b, 'B'])]);
      const own = async () =>
        (await bench.rows(table))
          .map(([, v]) => v)
          .filter((v) => v !== 'other')
          .sort();
      expect(await own(), what).toEqual(['B', 'a']);
      await pipe.apply([remove(table, [a])]);
      expect(await own(), what).toEqual(['B']);
      await pipe.copy(table, [
        [a, 'a'],
        ...rest.flatMap((change) => (change.kind === 'insert' ? [change.after] : [])),
        [b, 'b'],
      ]);
      expect(await own(), what).toEqual(['a', 'b']);
    }
  });
}
