import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import type { Relation } from '../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import { relation } from '../support/relations.ts';
import { insert, numbered, remove, truncate, update, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';
import { sorted } from './place.ts';

const table = () => relation('docs', ['id int8', 'title text', 'body text'], ['id']);
const BIG = 'x'.repeat(10_000);

interface Case {
  readonly promise: string;
  readonly before: readonly (readonly [string, string, string | null])[];
  readonly changes: (docs: Relation) => readonly Change[];
  readonly after: readonly (readonly [string, string, string | null])[];
}

const CASES: readonly Case[] = [
  {
    promise: 'inserts, updates and deletes',
    before: [
      ['1', 'a', null],
      ['2', 'b', ''],
    ],
    changes: (t) => [insert(t, ['3', 'c', 'x']), update(t, ['1'], ['1', 'A', 'y']), remove(t, ['2'])],
    after: [
      ['1', 'A', 'y'],
      ['3', 'c', 'x'],
    ],
  },
  {
    promise: 'takes an insert of a row that is there for an update, and a delete of one that is not for done',
    before: [['1', 'old', 'old']],
    changes: (t) => [insert(t, ['1', 'new', null]), remove(t, ['9'])],
    after: [['1', 'new', null]],
  },
  {
    promise: 'lets the later of two inserts of a key win, as in a publication without deletes',
    before: [],
    changes: (t) => [insert(t, ['1', 'first', 'x']), insert(t, ['2', 'b', null]), insert(t, ['1', 'last', null])],
    after: [
      ['1', 'last', null],
      ['2', 'b', null],
    ],
  },
  {
    promise: 'changes and removes rows that were inserted in the same batch',
    before: [],
    changes: (t) => [
      insert(t, ['1', 'a', null]),
      insert(t, ['2', 'b', null]),
      remove(t, ['1']),
      insert(t, ['3', 'c', null]),
      update(t, ['2'], ['2', 'B', null]),
    ],
    after: [
      ['2', 'B', null],
      ['3', 'c', null],
    ],
  },
  {
    promise: 'keeps the column that an update did not send',
    before: [['1', 'a', BIG]],
    changes: (t) => [update(t, ['1'], ['1', 'b', UNCHANGED])],
    after: [['1', 'b', BIG]],
  },
  {
    promise: 'keeps the value of an insert whose update in the same batch did not send it',
    before: [],
    changes: (t) => [insert(t, ['1', 'a', BIG]), update(t, ['1'], ['1', 'b', UNCHANGED])],
    after: [['1', 'b', BIG]],
  },
  {
    promise: 'merges updates that each left another column out',
    before: [['1', 'a', 'b']],
    changes: (t) => [update(t, ['1'], ['1', UNCHANGED, 'B']), update(t, ['1'], ['1', 'A', UNCHANGED])],
    after: [['1', 'A', 'B']],
  },
  {
    promise: 'moves a row to its new key',
    before: [['1', 'a', 'b']],
    changes: (t) => [update(t, ['1'], ['2', 'a', 'b'])],
    after: [['2', 'a', 'b']],
  },
  {
    promise: 'moves a row to its new key with the column that was not sent',
    before: [['1', 'a', BIG]],
    changes: (t) => [update(t, ['1'], ['2', 'b', UNCHANGED])],
    after: [['2', 'b', BIG]],
  },
  {
    promise: 'moves a row along a chain of keys, keeping the column that was never sent',
    before: [['1', 'a', BIG]],
    changes: (t) => [update(t, ['1'], ['2', 'b', UNCHANGED]), update(t, ['2'], ['3', UNCHANGED, UNCHANGED])],
    after: [['3', 'b', BIG]],
  },
  {
    promise: 'shifts keys: 2 to 3, then 1 to 2',
    before: [
      ['1', 'one', BIG],
      ['2', 'two', 'two'],
    ],
    changes: (t) => [update(t, ['2'], ['3', 'two', UNCHANGED]), update(t, ['1'], ['2', 'one', UNCHANGED])],
    after: [
      ['2', 'one', BIG],
      ['3', 'two', 'two'],
    ],
  },
  {
    promise: 'swaps two keys by way of a third',
    before: [
      ['1', 'one', BIG],
      ['2', 'two', 'two'],
    ],
    changes: (t) => [
      update(t, ['1'], ['9', 'one', UNCHANGED]),
      update(t, ['2'], ['1', 'two', UNCHANGED]),
      update(t, ['9'], ['2', 'one', UNCHANGED]),
    ],
    after: [
      ['1', 'two', 'two'],
      ['2', 'one', BIG],
    ],
  },
  {
    promise: 'moves a row away and back',
    before: [['1', 'a', BIG]],
    changes: (t) => [update(t, ['1'], ['2', 'a', UNCHANGED]), update(t, ['2'], ['1', 'b', UNCHANGED])],
    after: [['1', 'b', BIG]],
  },
  {
    promise: 'puts a new row in place of one that moved away',
    before: [['1', 'old', BIG]],
    changes: (t) => [update(t, ['1'], ['2', 'old', UNCHANGED]), insert(t, ['1', 'new', 'n'])],
    after: [
      ['1', 'new', 'n'],
      ['2', 'old', BIG],
    ],
  },
  {
    promise: 'moves a row to the key of one that was deleted',
    before: [
      ['1', 'a', BIG],
      ['2', 'b', 'b'],
    ],
    changes: (t) => [remove(t, ['2']), update(t, ['1'], ['2', 'a', UNCHANGED])],
    after: [['2', 'a', BIG]],
  },
  {
    promise: 'deletes a row and inserts it again without what it had',
    before: [['1', 'a', BIG]],
    changes: (t) => [remove(t, ['1']), insert(t, ['1', 'b', null])],
    after: [['1', 'b', null]],
  },
  {
    promise: 'inserts a row and deletes it again',
    before: [],
    changes: (t) => [insert(t, ['1', 'a', 'b']), remove(t, ['1'])],
    after: [],
  },
  {
    promise: 'deletes a row that has moved in the same batch',
    before: [['1', 'a', 'b']],
    changes: (t) => [update(t, ['1'], ['2', 'a', UNCHANGED]), remove(t, ['2'])],
    after: [],
  },
  {
    promise: 'empties the table in the middle of a batch',
    before: [['1', 'a', 'b']],
    changes: (t) => [insert(t, ['2', 'gone', 'x']), truncate(t), insert(t, ['3', 'c', 'd'])],
    after: [['3', 'c', 'd']],
  },
];

/** One table with a key; every case alone and among many other rows, so that both roads are taken. */
export function keyedContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  describe.each([0, 2500])('among %i other rows', (others) => {
    const filler = numbered(others).map(([id, text]) => [id, text, null] as const);

    it.each(CASES)('$promise', async ({ before, changes, after }) => {
      const pipe = await bench.start();
      const docs = table();
      await pipe.destination.prepare(docs);
      if (before.length > 0) await pipe.apply(before.map((row) => insert(docs, row)));
      const own = changes(docs);
      // a truncate empties the filler as well, so it comes afterwards
      await pipe.apply([...own, ...filler.map((row) => insert(docs, row))]);
      expect(await bench.rows(docs)).toEqual(sorted([...after, ...filler]));
      if (others > 0) {
        await pipe.apply(filler.map(([id]) => remove(docs, [id])));
        expect(await bench.rows(docs)).toEqual(sorted(after));
      }
    });
  });

  it('patches many rows at once', async () => {
    const pipe = await bench.start();
    const docs = table();
    await pipe.destination.prepare(docs);
    await pipe.apply(numbered(1500).map(([id, text]) => insert(docs, [id, text, `body ${id}`])));
    await pipe.apply(numbered(1500).map(([id]) => update(docs, [id], [id, 'new', UNCHANGED])));
    expect(await bench.rows(docs)).toEqual(sorted(numbered(1500).map(([id]) => [id, 'new', `body ${id}`])));
  });

  it.each<readonly [string, Row]>([
    ['some', ['1', 'a', UNCHANGED]],
    ['no', ['1', UNCHANGED, UNCHANGED]],
    ['other key', ['2', UNCHANGED, 'b']],
  ])('says that a value is unavailable when the row to give %s values is not there', async (_, after) => {
    const pipe = await bench.start();
    const docs = table();
    await pipe.destination.prepare(docs);
    await expect(pipe.apply([update(docs, ['1'], after)])).rejects.toMatchObject({ code: 'VALUE_UNAVAILABLE' });
    await pipe.destination.reconnect();
    expect(await bench.rows(docs)).toEqual([]);
  });

  it('puts a whole update of a missing row in', async () => {
    const pipe = await bench.start();
    const docs = table();
    await pipe.destination.prepare(docs);
    await pipe.apply([update(docs, ['1'], ['2', 'a', 'b'])]);
    expect(await bench.rows(docs)).toEqual([['2', 'a', 'b']]);
  });

  it('empties several tables at once, each where its own rows stood in the batch', async () => {
    const pipe = await bench.start();
    const [docs, notes, other] = [
      table(),
      relation('notes', ['n text'], 'row'),
      relation('other', ['id int4'], ['id']),
    ];
    for (const each of [docs, notes, other]) await pipe.destination.prepare(each);
    await pipe.apply([insert(docs, ['1', 'a', null]), insert(notes, ['a']), insert(other, ['1'])]);
    await pipe.apply([
      insert(notes, ['b']),
      insert(other, ['2']),
      truncate(docs, notes),
      insert(docs, ['2', 'b', null]),
      insert(notes, ['c']),
    ]);
    expect(await bench.rows(docs)).toEqual([['2', 'b', null]]);
    expect(await bench.rows(notes)).toEqual([['c']]);
    expect(await bench.rows(other)).toEqual([['1'], ['2']]);
  });

  it.each([1, 600])('tells neighbours beyond 2^53 apart in a key of several columns, %i times', async (times) => {
    const pipe = await bench.start();
    const pairs = relation('pairs', ['a int8', 'b text', 'v text'], ['b', 'a']);
    await pipe.destination.prepare(pairs);
    const groups = Array.from({ length: times }, (_, i) => `g${i}`);
    const [low, high] = ['9007199254740992', '9007199254740993'];
    const both = groups.flatMap((b) => [
      [low, b, 'low'],
      [high, b, 'high'],
    ]);
    await pipe.apply(both.map((row) => insert(pairs, row)));
    await pipe.apply(groups.map((b) => update(pairs, [b, high], [high, b, 'HIGH'])));
    expect(await bench.rows(pairs)).toEqual(
      sorted(
        groups.flatMap((b) => [
          [low, b, 'low'],
          [high, b, 'HIGH'],
        ]),
      ),
    );
    await pipe.apply(groups.map((b) => remove(pairs, [b, low])));
    expect(await bench.rows(pairs)).toEqual(sorted(groups.map((b) => [high, b, 'HIGH'])));
  });

  it('keeps a table that is nothing but key', async () => {
    const pipe = await bench.start();
    const tags = relation('tags', ['doc int4', 'tag text'], ['doc', 'tag']);
    await pipe.destination.prepare(tags);
    await pipe.apply([insert(tags, ['1', 'a']), insert(tags, ['1', 'a']), insert(tags, ['1', 'b'])]);
    await pipe.apply([update(tags, ['1', 'b'], ['1', 'c']), remove(tags, ['1', 'a'])]);
    expect(await bench.rows(tags)).toEqual([['1', 'c']]);
  });

  it('writes one batch for many tables', async () => {
    const pipe = await bench.start();
    const tables = Array.from({ length: 12 }, (_, i) => relation(`t${i}`, ['id int4', 'v text'], ['id']));
    for (const each of tables) await pipe.destination.prepare(each);
    await pipe.apply([0, 1, 2].flatMap((n) => tables.map((each, i) => insert(each, [`${n}`, `${i}`]))));
    for (const [i, each] of tables.entries())
      expect(await bench.rows(each)).toEqual([0, 1, 2].map((n) => [`${n}`, `${i}`]));
  });
}
