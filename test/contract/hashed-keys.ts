import { expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../src/model/mapping.ts';
import type { Relation } from '../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import { keyPairs, keyTypeOf } from '../support/type-vectors.ts';
import { insert, numbered, remove, truncate, update, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';
import { sorted } from './place.ts';
import { isBeyond } from './vector-tables.ts';

const LONG = 'k'.repeat(5000);

/** Keys of any length: `keysText: hash`. Where keys have no limit it changes nothing. */
export function hashedKeyContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);
  const rules = { ...DEFAULT_RULES, types: { ...DEFAULT_RULES.types, keysText: 'hash' as const } };
  const texts = (): Relation => relation('texts', ['k text', 'v text'], ['k']);

  it('finds long keys, and keeps apart what differs only at the end', async () => {
    const pipe = await bench.start({ rules });
    const table = texts();
    await pipe.destination.prepare(table);
    const keys = [LONG, `${LONG} `, `${LONG}a`, `${LONG}A`, '', ' ', "it's \\ `x`", '😀', '\u00e9', 'e\u0301'];
    await pipe.apply(keys.map((key, i) => insert(table, [key, `${i}`])));
    await pipe.apply(keys.map((key, i) => update(table, [key], [key, `new ${i}`])));
    await pipe.apply([update(table, [`${LONG}a`], [`${LONG}b`, UNCHANGED]), remove(table, [LONG])]);
    const expected = keys.map((key, i) => [key === `${LONG}a` ? `${LONG}b` : key, `new ${i}`]).slice(1);
    expect(await bench.rows(table)).toEqual(sorted(expected));
    const reader = pipe.destination.reader(table);
    expect(await reader.find([`${LONG}b`])).toEqual(reader.expect([`${LONG}b`, 'new 2']));
    expect(await reader.find([LONG])).toBeNull();
  });

  it.each([5, 1500])('writes %i rows again and again', async (count) => {
    const pipe = await bench.start({ rules });
    const table = texts();
    await expect(pipe.destination.prepare(table)).resolves.toMatchObject({ action: 'created' });
    await expect(pipe.destination.prepare(table)).resolves.toMatchObject({ action: 'unchanged' });
    const rows = numbered(count).map(([key, text]): [string, string] => [`${LONG}${key}`, text]);
    await pipe.copy(table, rows);
    await pipe.apply(rows.map(([key]) => insert(table, [key, 'again'])));
    expect(await bench.rows(table)).toEqual(sorted(rows.map(([key]) => [key, 'again'])));
    await pipe.apply(rows.slice(1).map(([key]) => remove(table, [key])));
    expect(await bench.rows(table)).toEqual([[rows[0]?.[0], 'again']]);
    await pipe.apply([truncate(table)]);
    expect(await bench.rows(table)).toEqual([]);
  });

  it('takes keys of several columns, of which some are short', async () => {
    const pipe = await bench.start({ rules });
    const table = relation('mixed', ['a int8', 'k text', 'b bytea', 'v text'], ['a', 'k', 'b']);
    await pipe.destination.prepare(table);
    const rows: Row[] = [
      ['1', LONG, '\\x00'],
      ['1', LONG, '\\x0000'],
      ['2', LONG, '\\x00'],
      ['1', `${LONG} `, '\\x00'],
    ];
    await pipe.apply(rows.map((key, i) => insert(table, [...key, `${i}`])));
    await pipe.apply(rows.map((key, i) => update(table, key, [...key, `new ${i}`])));
    await pipe.apply([remove(table, rows[0] ?? []), update(table, rows[2] ?? [], ['3', LONG, '\\x00', UNCHANGED])]);
    expect(sorted((await bench.rows(table)).map(([a, , , v = null]) => [a ?? null, v]))).toEqual(
      sorted([
        ['1', 'new 1'],
        ['1', 'new 3'],
        ['3', 'new 2'],
      ]),
    );
  });

  it('keeps distinct keys of every type distinct', async () => {
    const pipe = await bench.start({ rules });
    for (const [i, pair] of keyPairs.entries()) {
      if (pair.pgText.some((text) => isBeyond(bench.place.engine, text))) continue;
      const base = relation(`pair_${i}`, ['k text', 'v text'], ['k']);
      const columns = base.columns.map((column, c) => (c === 0 ? { ...column, type: keyTypeOf(pair) } : column));
      const table = { ...base, columns };
      await pipe.destination.prepare(table);
      const [a, b] = pair.pgText;
      await pipe.apply([insert(table, [a, 'a']), insert(table, [b, 'b'])]);
      await pipe.apply([update(table, [b], [b, 'B'])]);
      expect((await bench.rows(table)).map(([, v]) => v).sort(), pair.note).toEqual(['B', 'a']);
    }
  });
}
