import { expect, it } from 'vitest';
import { UNCHANGED } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import { insert, numbered, remove, truncate, update, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';
import { sorted } from './place.ts';

const log = () => relation('log', ['at int8', 'note text'], 'row');

/** Tables without a key, REPLICA IDENTITY FULL or NOTHING. */
export function keylessContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  it.each([3, 3000])('keeps each of %i duplicates', async (count) => {
    const pipe = await bench.start();
    const table = log();
    await pipe.destination.prepare(table);
    await pipe.apply(Array.from({ length: count }, () => insert(table, ['1', 'same'])));
    expect(await bench.rows(table)).toHaveLength(count);
  });

  it('changes exactly one row per change', async () => {
    const pipe = await bench.start();
    const table = log();
    await pipe.destination.prepare(table);
    await pipe.apply(Array.from({ length: 4 }, () => insert(table, ['1', 'same'])));
    await pipe.apply([
      remove(table, ['1', 'same']),
      update(table, ['1', 'same'], ['2', 'other']),
      insert(table, ['3', 'new']),
    ]);
    expect(await bench.rows(table)).toEqual([
      ['1', 'same'],
      ['1', 'same'],
      ['2', 'other'],
      ['3', 'new'],
    ]);
  });

  it('finds rows by NULL, by the empty string and by trailing blanks', async () => {
    const pipe = await bench.start();
    const table = log();
    await pipe.destination.prepare(table);
    const notes = [null, '', ' ', 'a', 'a ', 'A', 'NULL'];
    await pipe.apply(notes.map((note) => insert(table, [null, note])));
    for (const note of notes) {
      await pipe.apply([update(table, [null, note], ['1', note])]);
      const changed = (await bench.rows(table)).filter(([at]) => at === '1');
      expect(changed, JSON.stringify(note)).toEqual([['1', note]]);
      await pipe.apply([remove(table, ['1', note])]);
    }
    expect(await bench.rows(table)).toEqual([]);
  });

  it('applies changes to the same row in their order', async () => {
    const pipe = await bench.start();
    const table = log();
    await pipe.destination.prepare(table);
    await pipe.apply([
      insert(table, ['1', 'a']),
      update(table, ['1', 'a'], ['1', 'b']),
      insert(table, ['1', 'a']),
      update(table, ['1', 'b'], ['2', 'b']),
      remove(table, ['1', 'a']),
    ]);
    expect(await bench.rows(table)).toEqual([['2', 'b']]);
  });

  it('keeps the column that an update did not send', async () => {
    const pipe = await bench.start();
    const table = log();
    await pipe.destination.prepare(table);
    const big = 'x'.repeat(10_000);
    await pipe.apply([insert(table, ['1', big]), insert(table, ['2', big])]);
    await pipe.apply([update(table, ['1', big], ['3', UNCHANGED]), update(table, ['2', big], [UNCHANGED, UNCHANGED])]);
    expect(await bench.rows(table)).toEqual([
      ['2', big],
      ['3', big],
    ]);
  });

  it('takes the loss of a row for done', async () => {
    const pipe = await bench.start();
    const table = log();
    await pipe.destination.prepare(table);
    await pipe.apply([remove(table, ['1', 'a']), insert(table, ['2', 'b'])]);
    expect(await bench.rows(table)).toEqual([['2', 'b']]);
  });

  it('empties in the middle of a batch', async () => {
    const pipe = await bench.start();
    const table = log();
    await pipe.destination.prepare(table);
    await pipe.apply([insert(table, ['1', 'a']), truncate(table), insert(table, ['1', 'a'])]);
    expect(await bench.rows(table)).toEqual([['1', 'a']]);
  });

  it('takes inserts where nothing else can arrive', async () => {
    const pipe = await bench.start();
    const table = relation('events', ['at int8', 'note text'], 'none');
    await pipe.destination.prepare(table);
    await pipe.apply([...numbered(2000), ...numbered(2000)].map((row) => insert(table, row)));
    expect(await bench.rows(table)).toEqual(sorted([...numbered(2000), ...numbered(2000)]));
  });
}
