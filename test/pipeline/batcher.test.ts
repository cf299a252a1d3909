import { describe, expect, it } from 'vitest';
import { type Lsn, lsn } from '../../src/model/lsn.ts';
import { Batcher } from '../../src/pipeline/batcher.ts';
import { relation } from '../support/relations.ts';

const orders = relation('orders', ['id int4'], ['id']);
const items = relation('items', ['id int4'], ['id']);
const LIMITS = { rows: 4, bytes: 1_000_000 };

const at = (value: number): Lsn => lsn(BigInt(value));
const commit = (end: number) => ({ kind: 'commit', commitLsn: at(end - 1), end: at(end), commitTime: end }) as const;
const insert = (id: number, table = orders) => ({ kind: 'insert', relation: table, after: [String(id)] }) as const;

function transaction(batcher: Batcher, end: number, ids: readonly number[]): boolean {
  batcher.begin();
  for (const id of ids) batcher.change(insert(id));
  return batcher.commit(commit(end));
}

const ids = (batch: { changes: Iterable<unknown> } | null) =>
  batch && Array.from(batch.changes, (change) => Number((change as ReturnType<typeof insert>).after[0]));

describe('Batcher', () => {
  it('gives nothing before a transaction is complete', () => {
    const batcher = new Batcher(LIMITS);
    batcher.begin();
    batcher.change(insert(1));
    expect(batcher.take()).toBeNull();
    expect(batcher.empty).toBe(false);
  });

  it('merges whole transactions into one batch that ends at the last commit', () => {
    const batcher = new Batcher(LIMITS);
    transaction(batcher, 10, [1]);
    transaction(batcher, 20, [2, 3]);
    const batch = batcher.take();
    expect(ids(batch)).toEqual([1, 2, 3]);
    expect(batch).toMatchObject({ end: at(20), transactions: 2, commitTime: 20, rows: 3 });
    expect(batcher.empty).toBe(true);
  });

  it('leaves the open transaction behind a complete one for later', () => {
    const batcher = new Batcher(LIMITS);
    transaction(batcher, 10, [1]);
    batcher.begin();
    batcher.change(insert(2));
    expect(ids(batcher.take())).toEqual([1]);
    expect(batcher.take()).toBeNull();
    batcher.commit(commit(20));
    expect(batcher.take()).toMatchObject({ end: at(20), transactions: 1, rows: 1 });
  });

  it('gives a transaction larger than the limit in pieces, of which only the last has an end', () => {
    const batcher = new Batcher(LIMITS);
    batcher.begin();
    for (const id of [1, 2, 3, 4]) batcher.change(insert(id));
    const piece = batcher.take();
    expect(ids(piece)).toEqual([1, 2, 3, 4]);
    expect(piece?.end).toBeNull();
    expect(batcher.take()).toBeNull();
    batcher.change(insert(5));
    batcher.commit(commit(10));
    expect(batcher.take()).toMatchObject({ end: at(10), rows: 1 });
  });

  it('ends a split transaction also when its last piece was already taken', () => {
    const batcher = new Batcher(LIMITS);
    batcher.begin();
    for (const id of [1, 2, 3, 4]) batcher.change(insert(id));
    batcher.take();
    expect(batcher.commit(commit(10))).toBe(true);
    expect(batcher.take()).toMatchObject({ end: at(10), rows: 0 });
  });

  it('reports a transaction without changes as a mere move of the position', () => {
    const batcher = new Batcher(LIMITS);
    expect(transaction(batcher, 10, [])).toBe(false);
    expect(batcher.take()).toBeNull();
    expect(batcher.empty).toBe(true);
  });

  it('lets an empty transaction behind changes move the end of their batch', () => {
    const batcher = new Batcher(LIMITS);
    transaction(batcher, 10, [1]);
    expect(transaction(batcher, 20, [])).toBe(true);
    expect(batcher.take()).toMatchObject({ end: at(20), rows: 1 });
  });

  it('never mixes changes before and after a change of shape', () => {
    const batcher = new Batcher(LIMITS);
    transaction(batcher, 10, [1]);
    batcher.begin();
    batcher.change(insert(2));
    batcher.cut();
    batcher.change(insert(3, items));
    batcher.commit(commit(20));
    expect(batcher.take()).toMatchObject({ end: at(10), rows: 1 });
    const before = batcher.take();
    expect(ids(before)).toEqual([2]);
    expect(before?.end).toBeNull();
    const after = batcher.take();
    expect(ids(after)).toEqual([3]);
    expect(after).toMatchObject({ end: at(20) });
    expect([...(after?.relations ?? [])]).toEqual([items]);
  });

  it('names every relation a batch needs, also the one an earlier batch used last', () => {
    const batcher = new Batcher(LIMITS);
    transaction(batcher, 10, [1]);
    expect([...(batcher.take()?.relations ?? [])]).toEqual([orders]);
    transaction(batcher, 20, [2]);
    expect([...(batcher.take()?.relations ?? [])]).toEqual([orders]);
  });

  it('keeps the relations of the open transaction when the closed part is taken', () => {
    const batcher = new Batcher(LIMITS);
    transaction(batcher, 10, [1]);
    batcher.begin();
    batcher.change(insert(2, items));
    batcher.take();
    batcher.commit(commit(20));
    expect([...(batcher.take()?.relations ?? [])]).toContain(items);
  });

  it('is full by rows and by bytes, and has room again after a take', () => {
    const batcher = new Batcher({ rows: 100, bytes: 50 });
    batcher.addBytes(60);
    expect(batcher.full).toBe(false);
    transaction(batcher, 10, [1, 2]);
    expect(batcher.full).toBe(true);
    batcher.take();
    expect(batcher.full).toBe(false);
  });

  it('does not fill up with bytes of changes that were left out', () => {
    const batcher = new Batcher({ rows: 100, bytes: 50 });
    for (let round = 0; round < 10; round += 1) batcher.addBytes(40);
    transaction(batcher, 10, [1]);
    expect(batcher.full).toBe(false);
  });
});

describe('the parts of a batch', () => {
  const begin = (xid: number) => ({ xid, commitLsn: at(xid * 10 - 1), commitTime: xid });
  const parts = (batch: ReturnType<Batcher['take']>) => batch?.parts?.map(({ xid, upTo, open }) => [xid, upTo, open]);
  const whole = (batcher: Batcher, xid: number, rows: readonly number[]): void => {
    batcher.begin(begin(xid));
    for (const id of rows) batcher.change(insert(id));
    batcher.commit(commit(xid * 10));
  };

  it('say where each transaction ends', () => {
    const batcher = new Batcher(LIMITS, true);
    whole(batcher, 1, [1, 2]);
    whole(batcher, 2, [3]);
    expect(parts(batcher.take())).toEqual([
      [1, 2, false],
      [2, 3, false],
    ]);
    whole(batcher, 3, [4]);
    expect(parts(batcher.take())).toEqual([[3, 1, false]]);
  });

  it('say that a transaction goes on in the next batch', () => {
    const batcher = new Batcher(LIMITS, true);
    whole(batcher, 1, [1]);
    batcher.begin(begin(2));
    for (const id of [2, 3, 4, 5, 6]) batcher.change(insert(id));
    expect(parts(batcher.take())).toEqual([[1, 1, false]]);
    expect(parts(batcher.take())).toEqual([[2, 5, true]]);
    batcher.commit(commit(20));
    expect(parts(batcher.take())).toEqual([[2, 0, false]]);
  });

  it('name the transaction that a change of shape cut, also when others followed', () => {
    const batcher = new Batcher(LIMITS, true);
    batcher.begin(begin(1));
    batcher.change(insert(1));
    batcher.cut();
    batcher.change(insert(2, items));
    batcher.commit(commit(10));
    whole(batcher, 2, [3]);
    expect(parts(batcher.take())).toEqual([[1, 1, true]]);
    expect(parts(batcher.take())).toEqual([
      [1, 1, false],
      [2, 2, false],
    ]);
  });

  it('are left out where nobody asked', () => {
    const batcher = new Batcher(LIMITS);
    whole(batcher, 1, [1]);
    expect(batcher.take()).not.toHaveProperty('parts');
  });
});
