import { expect, it } from 'vitest';
import { relation } from '../support/relations.ts';
import { insert, numbered, STREAM, stateOf, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';
import { sorted } from './place.ts';

const people = relation('people', ['id int8', 'name text'], ['id']);
const notes = relation('notes', ['at int8', 'note text'], 'row');

/** The initial copy. */
export function copyContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  const statesIn = async () =>
    ((await (await bench.open()).peek(STREAM))?.tables ?? []).map(({ name, state, rows }) => ({ name, state, rows }));

  it('takes rows in several writes, and records how far it is with each', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    const copy = await pipe.destination.copy(people, stateOf(people));
    await copy.write(numbered(2500));
    expect(await statesIn()).toEqual([{ name: 'people', state: 'copying', rows: 2500 }]);
    await copy.write([['1', 'last']]);
    await copy.finish();
    await copy.close();
    expect(await statesIn()).toEqual([{ name: 'people', state: 'copied', rows: 2501 }]);
    expect(await bench.rows(people)).toEqual(sorted([...numbered(2500), ['1', 'last']]));
  });

  it('remembers the whole state of a table across instances', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    await pipe.copy(people, numbered(3));
    const { found } = await bench.claim();
    const columns = [
      { attnum: 1, name: 'id', column: 'id', typeOid: 20, typmod: -1 },
      { attnum: 2, name: 'name', column: 'name', typeOid: 25, typmod: -1 },
    ];
    const shape = { target: people.target, origin: { schema: 'public', name: 'people' }, columns };
    expect(found?.tables).toEqual([{ ...stateOf(people), state: 'copied', rows: 3, shape }]);
  });

  it('begins an interrupted copy again, with the table empty', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    const copy = await pipe.destination.copy(people, stateOf(people));
    await copy.write(numbered(10));
    await copy.close();
    const { pipe: again, found } = await bench.claim();
    expect(found?.tables).toMatchObject([{ state: 'copying', rows: 10 }]);
    await again.destination.prepare(people);
    await again.copy(people, [['1', 'fresh']]);
    expect(await bench.rows(people)).toEqual([['1', 'fresh']]);
    expect(await statesIn()).toEqual([{ name: 'people', state: 'copied', rows: 1 }]);
  });

  it('begins again within one instance after a reconnect', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    const copy = await pipe.destination.copy(people, stateOf(people));
    await copy.write(numbered(10));
    await pipe.destination.reconnect();
    await copy.close();
    await pipe.copy(people, numbered(5));
    expect(await bench.rows(people)).toEqual(numbered(5));
  });

  it('empties what stood in the table before', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    await pipe.apply([insert(people, ['1', 'old'])]);
    await pipe.copy(people, []);
    expect(await bench.rows(people)).toEqual([]);
    expect(await statesIn()).toEqual([{ name: 'people', state: 'copied', rows: 0 }]);
  });

  it('takes several tables at the same time', async () => {
    const pipe = await bench.start();
    const tables = [people, notes, relation('third', ['id int8', 'v text'], ['id'])];
    for (const table of tables) await pipe.destination.prepare(table);
    await Promise.all(
      tables.map(async (table) => {
        const copy = await pipe.destination.copy(table, stateOf(table));
        for (let part = 0; part < 5; part++)
          await copy.write(numbered(300).map(([id, text]) => [`${part}${id}`, text]));
        await copy.finish();
        await copy.close();
      }),
    );
    for (const table of tables) expect(await bench.rows(table)).toHaveLength(1500);
    expect((await statesIn()).every(({ state, rows }) => state === 'copied' && rows === 1500)).toBe(true);
  });

  it('writes nothing of a chunk with a row that cannot be held', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(people);
    const copy = await pipe.destination.copy(people, stateOf(people));
    await copy.write(numbered(2));
    await expect(
      copy.write([
        ['1', 'x'],
        ['not a number', 'y'],
      ]),
    ).rejects.toMatchObject({ retry: false });
    await copy.close();
    expect(await bench.rows(people)).toEqual(numbered(2));
    expect(await statesIn()).toEqual([{ name: 'people', state: 'copying', rows: 2 }]);
  });

  it('is followed by the stream', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(notes);
    await pipe.copy(notes, numbered(3));
    await pipe.apply([insert(notes, ['9', 'later'])]);
    expect(await bench.rows(notes)).toHaveLength(4);
  });
}
