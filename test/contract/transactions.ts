import { expect, it } from 'vitest';
import { relation } from '../support/relations.ts';
import { insert, numbered, remove, STREAM, truncate, update, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';

const accounts = relation('accounts', ['id int8', 'name text'], ['id']);
const notes = relation('ledger', ['note text'], 'row');

/** What a reader of the destination may see of one source transaction that comes in pieces. */
export function transactionContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  it('shows no piece of a transaction before its last one', async () => {
    const pipe = await bench.start();
    for (const each of [accounts, notes]) await pipe.destination.prepare(each);
    const before = await pipe.apply([insert(accounts, ['1', 'old']), insert(notes, ['old'])]);
    await pipe.piece(numbered(2500).map((row) => insert(accounts, row)));
    await pipe.piece([update(accounts, ['1'], ['1', 'new']), remove(notes, ['old']), insert(notes, ['new'])]);
    expect([await bench.rows(accounts), await bench.rows(notes)]).toEqual([[['1', 'old']], [['old']]]);
    expect((await (await bench.open()).peek(STREAM))?.flushed).toBe(before);
    await pipe.apply([remove(accounts, ['1000'])]);
    const rows = await bench.rows(accounts);
    expect(rows).toHaveLength(2500);
    expect(rows).toContainEqual(['1', 'new']);
    expect(rows).not.toContainEqual(['1000', 'row 0']);
    expect(await bench.rows(notes)).toEqual([['new']]);
  });

  it('rolls the pieces back on a reconnect, and takes the transaction again', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    const before = await pipe.apply([insert(accounts, ['1', 'old'])]);
    await pipe.piece([insert(accounts, ['2', 'piece']), truncate(accounts), insert(accounts, ['3', 'piece'])]);
    expect(await pipe.destination.reconnect()).toBe(before);
    expect(await bench.rows(accounts)).toEqual([['1', 'old']]);
    await pipe.piece([insert(accounts, ['2', 'again'])]);
    await pipe.apply([]);
    expect(await bench.rows(accounts)).toEqual([
      ['1', 'old'],
      ['2', 'again'],
    ]);
  });

  it('leaves no piece behind when the instance ends', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    await pipe.piece(numbered(50).map((row) => insert(accounts, row)));
    await pipe.destination.close();
    const { found } = await bench.claim();
    expect(found?.flushed).toBe(100n);
    expect(await bench.rows(accounts)).toEqual([]);
  });

  it('forgets no key between pieces', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    await pipe.piece([insert(accounts, ['1', 'a']), insert(accounts, ['2', 'b'])]);
    await pipe.piece([update(accounts, ['1'], ['3', 'a']), remove(accounts, ['2'])]);
    await pipe.apply([update(accounts, ['3'], ['2', 'c'])]);
    expect(await bench.rows(accounts)).toEqual([['2', 'c']]);
  });
}
