import { beforeEach, describe, expect, it } from 'vitest';
import type { Batch, TransactionPart } from '../../src/model/batch.ts';
import type { Change } from '../../src/model/change.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { lsn } from '../../src/model/lsn.ts';
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

/** The mirror fails the next apply. */
function failMirror(): void {
  mirror.fault = (point) => {
    if (point !== 'before') return;
    mirror.fault = () => undefined;
    throw new Pg2anyError('DESTINATION_UNREACHABLE', 'gone');
  };
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

  it('are told of a table only when they need a change of it, where they are ahead', async () => {
    const all = await begun();
    failMirror();
    await expect(all.apply(batchOf([1], [2]))).rejects.toThrow('gone');
    const next = open();
    await next.claim(stream);
    const before = database.prepared.length;
    await next.prepare(table);
    await next.apply(batchOf([1]));
    expect(database.prepared).toHaveLength(before);
    await next.apply(batchOf([1], [2], [3]));
    expect(database.prepared.length).toBeGreaterThan(before);
    expect(ids(database)).toEqual(['1', '2', '3']);
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

  it('move their checkpoints with the position alone', async () => {
    const all = await begun();
    await all.apply({ changes: [], rows: 0, transactions: 0, commitTime: null, end: lsn(50n) });
    expect([database.checkpoint?.flushed, mirror.checkpoint?.flushed]).toEqual([50n, 50n]);
  });
});
