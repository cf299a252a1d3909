import { expect, it } from 'vitest';
import type { Column } from '../../src/model/relation.ts';
import { UNCHANGED } from '../../src/model/value.ts';
import { column, pgType, relation } from '../support/relations.ts';
import { insert, numbered, type Pipe, remove, update, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';

/** varchar(100): a length that every destination can index. */
const no: Column = { ...column('no'), type: { ...pgType('varchar', 104), display: 'varchar(100)' } };
const plain = relation('items', ['id int8', 'no varchar', 'note text'], ['id']);
const items = { ...plain, columns: plain.columns.map((one) => (one.name === 'no' ? no : one)) };

/** Destination tables that are more than a copy: further unique indexes, columns of their own, triggers. */
export function orderedContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  async function startUnique(): Promise<Pipe> {
    const { types, quote, table, exec } = bench.place;
    const columns = `id BIGINT NOT NULL PRIMARY KEY, no ${types.keyText}, note ${types.text}`;
    await exec(`CREATE TABLE ${table(items)} (${columns})`);
    await exec(`CREATE UNIQUE INDEX ${quote('items no')} ON ${table(items)} (no)`);
    const pipe = await bench.start();
    const prepared = await pipe.destination.prepare(items);
    expect(prepared.road).toContain('items no');
    return pipe;
  }

  it('swaps values of a further unique index in the order of the source', async () => {
    const pipe = await startUnique();
    await pipe.apply([insert(items, ['1', 'a', null]), insert(items, ['2', 'b', null])]);
    await pipe.apply([
      update(items, ['1'], ['1', 'tmp', UNCHANGED]),
      update(items, ['2'], ['2', 'a', null]),
      update(items, ['1'], ['1', 'b', null]),
    ]);
    expect(await bench.rows(items)).toEqual([
      ['1', 'b', null],
      ['2', 'a', null],
    ]);
  });

  // DEFERRABLE at the source: both rows have the value for a moment, which no destination allows.
  it('stops at values that two rows swap without a third one, and changes neither', async () => {
    const pipe = await startUnique();
    await pipe.apply([insert(items, ['1', 'a', null]), insert(items, ['2', 'b', null])]);
    const swap = pipe.apply([update(items, ['1'], ['1', 'b', UNCHANGED]), update(items, ['2'], ['2', 'a', UNCHANGED])]);
    await expect(swap).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    await pipe.destination.reconnect();
    expect(await bench.rows(items)).toEqual([
      ['1', 'a', null],
      ['2', 'b', null],
    ]);
  });

  it('gives a unique value that was freed in the same batch to another row', async () => {
    const pipe = await startUnique();
    await pipe.apply([insert(items, ['1', 'a', null])]);
    await pipe.apply([
      remove(items, ['1']),
      insert(items, ['2', 'a', null]),
      update(items, ['2'], ['3', 'a', 'moved']),
      insert(items, ['2', 'c', null]),
    ]);
    expect(await bench.rows(items)).toEqual([
      ['2', 'c', null],
      ['3', 'a', 'moved'],
    ]);
  });

  it.each([1, 2000])(
    'refuses a row rather than overwrite another one by its unique value, among %i rows',
    async (count) => {
      const pipe = await startUnique();
      await pipe.apply([insert(items, ['1', 'a', 'kept'])]);
      const others = numbered(count).map(([id, no]) => insert(items, [id, no, null]));
      const clash = pipe.apply([...others, insert(items, ['2', 'a', 'clash'])]);
      await expect(clash).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
      await pipe.destination.reconnect();
      expect(await bench.rows(items)).toEqual([['1', 'a', 'kept']]);
    },
  );

  it.each([1, 2000])('leaves columns of the destination alone, updating %i rows', async (count) => {
    const pipe = await bench.start();
    await pipe.destination.prepare(items);
    const rows = numbered(count);
    await pipe.apply(rows.map(([id, no]) => insert(items, [id, no, null])));
    const { table, exec, query, types } = bench.place;
    await exec(`ALTER TABLE ${table(items)} ADD mine ${types.keyText}`);
    await exec(`UPDATE ${table(items)} SET mine = 'mine'`);
    const again = await bench.start();
    await again.destination.prepare(items);
    await again.apply(rows.map(([id]) => update(items, [id], [id, 'new', 'x'])));
    await again.apply([insert(items, ['1000', 'upsert', null])]);
    expect(await query(`SELECT count(*), min(mine), max(mine) FROM ${table(items)}`)).toEqual([
      [`${count}`, 'mine', 'mine'],
    ]);
  });
}
