import { expect, it } from 'vitest';
import type { Insert, Inserts } from '../../src/model/change.ts';
import { Gathered } from '../../src/pipeline/gathered.ts';
import { relation } from '../support/relations.ts';

const table = relation('t', ['id int4'], ['id']);
const insert = (id: number): Insert => ({ kind: 'insert', relation: table, after: [String(id)] });
const run = (...ids: number[]): Inserts => ({
  kind: 'inserts',
  relation: table,
  rows: ids.map((id) => [String(id)]),
  singles: () => ids.map(insert),
  onto: () => run(...ids),
});
const ids = (changes: Iterable<unknown>) => Array.from(changes, (change) => Number((change as Insert).after[0]));

it('gives what belongs to finished transactions, counted and read one by one, and keeps the rest', () => {
  const gathered = new Gathered();
  gathered.push(insert(1));
  gathered.push(run(2, 3, 4));
  gathered.close();
  gathered.push(run(5, 6));
  gathered.push(insert(7));
  expect([gathered.length, gathered.closed]).toEqual([7, 4]);
  const taken = gathered.takeClosed();
  expect(taken.length).toBe(4);
  expect(ids(taken)).toEqual([1, 2, 3, 4]);
  expect([...(taken.kept ?? [])].map(({ kind }) => kind)).toEqual(['insert', 'inserts']);
  expect([gathered.length, gathered.closed]).toEqual([3, 0]);
  expect(gathered.takeClosed().length).toBe(0);
  gathered.close();
  expect(ids(gathered.takeClosed())).toEqual([5, 6, 7]);
  expect(gathered.length).toBe(0);
});

it('gives all there is, also of an open transaction, and later changes do not show in it', () => {
  const gathered = new Gathered();
  gathered.push(run(1, 2));
  const all = gathered.takeAll();
  gathered.push(insert(3));
  expect(ids(all)).toEqual([1, 2]);
  expect(ids(gathered.takeAll())).toEqual([3]);
});
