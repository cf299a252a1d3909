import { beforeEach, describe, expect, it } from 'vitest';
import type { Batch, TransactionPart } from '../../src/model/batch.ts';
import type { Change } from '../../src/model/change.ts';
import type { Prepared } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { type Lsn, lsn } from '../../src/model/lsn.ts';
import type { Relation } from '../../src/model/relation.ts';
import { FanOut } from '../../src/pipeline/fan-out.ts';
import { MemoryServer } from '../support/memory-destination.ts';
import { relation } from '../support/relations.ts';

const table = relation('t', ['id int4', 'v'], ['id']);
const stream = { slot: 's', systemId: '1' };
const insert = (id: number): Change => ({ kind: 'insert', relation: table, after: [String(id), 'x'] });

/** One source transaction for each list of ids: they end at 20, 30, … */
function batchOf(...transactions: readonly (readonly number[])[]): Batch {
  const changes = transactions.flat().map(insert);
  let upTo = 0;
  const parts = transactions.map((ids, at): TransactionPart => {
    upTo += ids.length;
    return { xid: at, commitLsn: lsn(BigInt(at * 10 + 19)), commitTime: 0, upTo, open: false };
  });
  const end = lsn(BigInt(transactions.length * 10 + 10));
  return { changes, parts, end, rows: changes.length, transactions: parts.length, commitTime: 0 };
}

const state = { schema: 'public', name: 't', oid: table.oid, state: 'copying', snapshot: lsn(5n), rows: 0 } as const;

let database: MemoryServer;
let mirror: MemoryServer;
beforeEach(() => {
  [database, mirror] = [new MemoryServer(), new MemoryServer()];
});

const ids = (server: MemoryServer): (string | undefined)[] =>
  server.applied.map((change) => ('after' in change ? String(change.after[0]) : undefined));
const open = (): FanOut => new FanOut(database.open(), mirror.open());

async function begun(): Promise<FanOut> {
  const all = open();
  expect(await all.claim(stream)).toBeNull();
  await all.begin(lsn(10n));
  await all.prepare(table);
  return all;
}

/** The next apply there fails. */
function failNext(server: MemoryServer, error = new Pg2anyError('DESTINATION_UNREACHABLE', 'gone')): void {
  server.fault = (point) => {
    if (point !== 'before') return;
    server.fault = () => undefined;
    throw error;
  };
}
const failMirror = (): void => failNext(mirror);

/** As the pipeline does it: tables are prepared for the batch that needs them, which is applied then. */
async function feed(all: FanOut, batch: Batch, of: Relation = table): Promise<Prepared> {
  all.expect(batch);
  const prepared = await all.prepare(of, new Map([[1, 'told']]));
  await all.apply(batch);
  return prepared;
}

/** A piece of one large transaction that commits at `commit`; its last piece has an end. */
function pieceOf(ids: readonly number[], commit: bigint, end: Lsn | null = null): Batch {
  const changes = ids.map(insert);
  const parts = [{ xid: 7, commitLsn: lsn(commit), commitTime: 0, upTo: ids.length, open: end === null }];
  return { changes, parts, end, rows: ids.length, transactions: end === null ? 0 : 1, commitTime: 0 };
}

describe('several destinations', () => {
  it('all take every change', async () => {
    const all = await begun();
    await all.apply(batchOf([1], [2]));
    expect([ids(database), ids(mirror)]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(database.checkpoint?.flushed).toBe(30n);
    expect(mirror.checkpoint?.flushed).toBe(30n);
  });

  it('are as far as the slowest of them', async () => {
    const all = await begun();
    await all.apply(batchOf([1]));
    failMirror();
    await expect(all.apply(batchOf([1], [2]))).rejects.toThrow('gone');
    expect(await all.reconnect()).toBe(20n);
    expect((await open().peek(stream))?.flushed).toBe(20n);
  });

  it('skip what they have when a batch comes again', async () => {
    const all = await begun();
    failMirror();
    await expect(all.apply(batchOf([1], [2]))).rejects.toThrow('gone');
    expect(ids(database)).toEqual(['1', '2']);
    await all.reconnect();
    await all.apply(batchOf([1], [2]));
    expect([ids(database), ids(mirror)]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  it('go on from the lowest checkpoint, each from its own', async () => {
    const all = await begun();
    failMirror();
    await expect(all.apply(batchOf([1], [2]))).rejects.toThrow('gone');
    const next = open();
    expect((await next.claim(stream))?.flushed).toBe(10n);
    await next.prepare(table);
    await next.apply(batchOf([1], [2], [3]));
    expect([ids(database), ids(mirror)]).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
  });

  it('are told of a table, and of its values, with the first change that they need', async () => {
    const all = await begun();
    failMirror();
    await expect(all.apply(batchOf([1], [2]))).rejects.toThrow('gone');
    const next = open();
    await next.claim(stream);
    const told: unknown[] = [];
    database.answer = (_, defaults) => {
      told.push(defaults?.get(1));
      return { deferred: true };
    };
    expect(await feed(next, batchOf([1]))).toMatchObject({ again: true, deferred: false });
    await next.settle(table);
    expect([told, database.settled, mirror.settled]).toEqual([[], [], [table]]);
    expect(await feed(next, batchOf([1], [2], [3]))).toMatchObject({ again: false, deferred: true });
    await next.settle(table);
    expect([told, database.settled]).toEqual([['told'], [table]]);
    expect(ids(database)).toEqual(['1', '2', '3']);
  });

  it('go on with a large transaction that the one which is ahead at an idle position needs too', async () => {
    const all = await begun();
    failMirror();
    await expect(
      all.apply({ changes: [], rows: 0, transactions: 0, commitTime: null, end: lsn(40n) }),
    ).rejects.toThrow();
    const next = open();
    expect((await next.claim(stream))?.flushed).toBe(10n);
    await feed(next, pieceOf([1, 2], 50n));
    await feed(next, pieceOf([3], 50n, lsn(60n)));
    expect([ids(database), ids(mirror)]).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
  });

  it('give up the pieces of a large transaction together', async () => {
    const all = await begun();
    await feed(all, pieceOf([1], 50n));
    failMirror();
    await expect(all.apply(pieceOf([2], 50n, lsn(60n)))).rejects.toThrow('gone');
    expect(ids(database)).toEqual(['1', '2']);
    const next = open();
    expect((await next.claim(stream))?.flushed).toBe(10n);
    await feed(next, pieceOf([1], 50n));
    await feed(next, pieceOf([2], 50n, lsn(60n)));
    expect([ids(database), ids(mirror)]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  it('are both prepared for a table that neither has, also where one is ahead', async () => {
    const all = await begun();
    failMirror();
    await expect(all.apply(batchOf([1]))).rejects.toThrow('gone');
    const next = open();
    await next.claim(stream);
    const fresh = relation('fresh', ['id int4'], ['id']);
    await next.prepare(fresh);
    expect([database.prepared.includes(fresh), mirror.prepared.includes(fresh)]).toEqual([true, true]);
  });

  it('have a table copied again only where its values are missing', async () => {
    const all = await begun();
    await (await all.copy(table, state)).finish();
    database.answer = () => ({ unsent: { columns: [2], empty: false } });
    all.expect(batchOf([1]));
    const wider = { ...table };
    expect((await all.prepare(wider)).unsent).toEqual({ columns: [2], empty: false });
    await all.uncopy(wider, [2]);
    expect([database.uncopied, mirror.uncopied]).toEqual([[wider], []]);

    database.answer = () => ({});
    const next = open();
    await next.claim(stream);
    const copy = await next.copy(table, { ...state, snapshot: lsn(25n) });
    await copy.write([['1', 'x']]);
    await copy.finish();
    await feed(next, batchOf([1], [2]));
    expect([ids(database), ids(mirror)]).toEqual([['2'], ['1', '2']]);
  });

  it('name the one that failed, and say how far each is', async () => {
    const all = await begun();
    failMirror();
    await expect(all.apply(batchOf([1]))).rejects.toThrow('mirror: gone');
    expect(all.members()).toMatchObject([
      { name: 'destination', flushed: 20n, failure: null },
      { name: 'mirror', flushed: 10n, failure: 'gone' },
    ]);
    await all.reconnect();
    expect(all.members()).toMatchObject([{ failure: null }, { failure: null }]);
  });

  it('stop where another instance took one of them over', async () => {
    const all = await begun();
    await mirror.open().claim(stream);
    await expect(all.apply(batchOf([1]))).rejects.toMatchObject({ code: 'FENCED' });
    expect((await open().peek(stream))?.flushed).toBe(10n);
    failNext(database);
    await expect(all.apply(batchOf([1]))).rejects.toThrow();
    await expect(all.reconnect()).rejects.toMatchObject({ code: 'FENCED' });
  });

  it('copy a table only into the one that does not have it, and lose no change of the other', async () => {
    const alone = new FanOut(database.open());
    await alone.claim(stream);
    await alone.begin(lsn(10n));
    await alone.prepare(table);
    const first = await alone.copy(table, state);
    await first.finish();
    await alone.apply(batchOf([1]));

    const all = open();
    const checkpoint = await all.claim(stream);
    expect(checkpoint).toMatchObject({ flushed: 20n, tables: [{ state: 'copying' }] });
    await all.prepare(table);
    const copy = await all.copy(table, { ...state, snapshot: lsn(30n) });
    await copy.write([
      ['1', 'x'],
      ['2', 'x'],
    ]);
    await copy.finish();
    expect(copy.since).toBe(5n);
    expect(database.rows('public.t')).toHaveLength(1);
    await all.apply(batchOf([1], [2], [3]));
    expect(ids(database)).toEqual(['1', '2', '3']);
    expect(ids(mirror)).toEqual(['3']);
    expect(mirror.rows('public.t')).toHaveLength(3);
  });

  it('have every change since an earlier copy where its rows cannot be taken back', async () => {
    const kept = mirror.open();
    const copyTo = kept.copy.bind(kept);
    const since = lsn(15n);
    Object.assign(kept, {
      copy: async (...given: Parameters<typeof copyTo>) => ({ ...(await copyTo(...given)), since }),
    });
    const all = new FanOut(database.open(), kept);
    await all.claim(stream);
    await all.begin(lsn(10n));
    await all.prepare(table);
    const copy = await all.copy(table, { ...state, snapshot: lsn(30n) });
    await copy.finish();
    expect(copy.since).toBe(since);
    await all.apply(batchOf([1], [2], [3]));
    expect([ids(database), ids(mirror)]).toEqual([['3'], ['1', '2', '3']]);
  });

  it('move their checkpoints with the position alone', async () => {
    const all = await begun();
    await all.apply({ changes: [], rows: 0, transactions: 0, commitTime: null, end: lsn(50n) });
    expect([database.checkpoint?.flushed, mirror.checkpoint?.flushed]).toEqual([50n, 50n]);
  });
});
