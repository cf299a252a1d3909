import { expect, it } from 'vitest';
import { formatLsn, lsn } from '../../src/model/lsn.ts';
import { relation } from '../support/relations.ts';
import { insert, numbered, Pipe, STREAM, stateOf, useBench } from './pipe.ts';
import type { OpenPlace } from './place.ts';

const accounts = relation('accounts', ['id int8', 'name text'], ['id']);
const entries = relation('entries', ['note text'], 'row');

/** A server whose session was ended by the newer instance says so first; a new session then shows why. */
const OVERTAKEN = { code: expect.stringMatching(/^(FENCED|DESTINATION_UNREACHABLE)$/) };

/** Checkpoint and fence: https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html (fencing tokens) */
export function checkpointContract(openPlace: OpenPlace): void {
  const bench = useBench(openPlace);

  it('knows nothing of a new pipeline, and remembers one that began', async () => {
    const first = await bench.open();
    expect(await first.peek(STREAM)).toBeNull();
    expect(await first.claim(STREAM)).toBeNull();
    await first.begin(lsn(100n));
    const second = await bench.open();
    expect(await second.peek(STREAM)).toEqual({ flushed: 100n, timeline: 3, tables: [] });
    expect(await second.claim(STREAM)).toEqual({ flushed: 100n, timeline: 3, tables: [] });
  });

  it.each([4, null])('keeps timeline 3 until something was received on %s', async (timeline) => {
    await bench.start();
    const later = await bench.open();
    expect(await later.claim({ ...STREAM, timeline })).toMatchObject({ flushed: 100n, timeline: 3 });
    expect(await later.peek(STREAM)).toMatchObject({ flushed: 100n, timeline: 3 });
    const next = await bench.open();
    await next.claim({ ...STREAM, timeline });
    await new Pipe(next, { at: 1000n }).apply([]);
    expect(await (await bench.open()).peek(STREAM)).toMatchObject({ flushed: 1100n, timeline });
  });

  it('tells of a table that was copied on another timeline, although the checkpoint has not moved', async () => {
    await bench.start();
    const next = await bench.open();
    await next.claim({ ...STREAM, timeline: 4 });
    await next.prepare(accounts);
    await new Pipe(next, { at: 1000n }).copy(accounts, numbered(3));
    expect(await next.peek(STREAM)).toMatchObject({ flushed: 100n, timeline: 4 });
  });

  it('goes on from a checkpoint of before timelines were remembered, and remembers it from then on', async () => {
    await bench.start();
    await bench.place.exec('ALTER TABLE pg2any_checkpoint DROP COLUMN timeline');
    expect(await (await bench.open()).peek(STREAM)).toMatchObject({ flushed: 100n, timeline: null });
    const { pipe, found } = await bench.claim();
    expect(found).toMatchObject({ flushed: 100n, timeline: null });
    const end = await pipe.apply([]);
    expect(await pipe.destination.peek(STREAM)).toMatchObject({ flushed: end, timeline: 3 });
  });

  it('does not begin for a pipeline that was only claimed', async () => {
    await (await bench.open()).claim(STREAM);
    expect(await (await bench.open()).claim(STREAM)).toBeNull();
  });

  it('lets one of two instances begin that found nothing at the same time', async () => {
    const [one, two] = [await bench.open(), await bench.open()];
    expect([await one.claim(STREAM), await two.claim(STREAM)]).toEqual([null, null]);
    await one.begin(lsn(100n));
    await expect(two.begin(lsn(200n))).rejects.toMatchObject({ code: 'FENCED' });
    expect((await one.peek(STREAM))?.flushed).toBe(100n);
  });

  it('keeps pipelines of different slots apart', async () => {
    const pipe = await bench.start();
    const other = await bench.open();
    expect(await other.claim({ ...STREAM, slot: 'Other' })).toBeNull();
    await other.begin(lsn(7n));
    expect(await other.claim({ ...STREAM, slot: 'other' })).toBeNull();
    expect((await pipe.destination.peek(STREAM))?.flushed).toBe(100n);
  });

  it('shows the checkpoint also to whoever cannot ask the source who it is', async () => {
    const pipe = await bench.start();
    const other = await bench.open();
    expect((await other.peek({ slot: STREAM.slot, systemId: null }))?.flushed).toBe(100n);
    expect(await other.peek({ slot: 'nobody', systemId: null })).toBeNull();
    expect((await pipe.destination.peek(STREAM))?.flushed).toBe(100n);
  });

  it('moves the checkpoint with the rows', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    const end = await pipe.apply([insert(accounts, ['1', 'a'])]);
    expect((await pipe.destination.peek(STREAM))?.flushed).toBe(end);
  });

  it('moves the checkpoint for a batch without rows', async () => {
    const pipe = await bench.start();
    const content = new Uint8Array([1]);
    const end = await pipe.apply([{ kind: 'message', prefix: 'p', content, transactional: true }]);
    expect((await pipe.destination.peek(STREAM))?.flushed).toBe(end);
  });

  it.each([3, 3000])('leaves rows and checkpoint where they were when one of %i rows cannot be held', async (count) => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    const before = await pipe.apply([insert(accounts, ['1', 'kept'])]);
    const rows = [...numbered(count), ['not a number', 'x'] as const];
    await expect(pipe.apply(rows.map((row) => insert(accounts, row)))).rejects.toMatchObject({ retry: false });
    expect(await pipe.destination.reconnect()).toBe(before);
    expect(await bench.rows(accounts)).toEqual([['1', 'kept']]);
  });

  it('goes on after a reconnect', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    const end = await pipe.apply([insert(accounts, ['1', 'a'])]);
    expect(await pipe.destination.reconnect()).toBe(end);
    await pipe.apply([insert(accounts, ['2', 'b'])]);
    expect(await bench.rows(accounts)).toHaveLength(2);
  });

  it('never moves the checkpoint backwards', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    const end = await pipe.apply([insert(accounts, ['1', 'a'])]);
    await pipe.apply([insert(accounts, ['1', 'a'])], lsn(end - 50n));
    expect(await pipe.destination.reconnect()).toBe(end);
  });

  it('repeats nothing where a commit that was taken for lost arrives after all', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(entries);
    await pipe.apply([insert(entries, ['a'])]);
    const late = pipe.next();
    await bench.place.exec(`UPDATE pg2any_checkpoint SET flushed = '${formatLsn(late)}'`);
    await expect(pipe.apply([insert(entries, ['b'])], late)).rejects.toMatchObject({ retry: true });
    expect(await bench.rows(entries)).toEqual([['a']]);
    expect(await pipe.destination.reconnect()).toBe(late);
    await pipe.apply([insert(entries, ['c'])]);
    expect(await bench.rows(entries)).toEqual([['a'], ['c']]);
  });

  it('keeps positions beyond 2^63 exact', async () => {
    const pipe = await bench.start();
    const far = lsn(0xffff_ffff_ffff_fff1n);
    await pipe.apply([], far);
    expect(await pipe.destination.reconnect()).toBe(far);
  });

  it.each([1, 3000])('refuses %i changes of an instance that was overtaken, and writes nothing', async (count) => {
    const old = await bench.start();
    await old.destination.prepare(accounts);
    const end = await old.apply([insert(accounts, ['1', 'a'])]);
    const { found } = await bench.claim();
    expect(found?.flushed).toBe(end);
    const late = old.apply(numbered(count).map((row) => insert(accounts, row)));
    await expect(late).rejects.toMatchObject(OVERTAKEN);
    await expect(old.destination.reconnect()).rejects.toMatchObject({ code: 'FENCED' });
    expect(await bench.rows(accounts)).toEqual([['1', 'a']]);
    expect((await (await bench.open()).peek(STREAM))?.flushed).toBe(end);
  });

  it('refuses the copy of an instance that was overtaken, and writes nothing', async () => {
    const old = await bench.start();
    await old.destination.prepare(accounts);
    const copy = await old.destination.copy(accounts, stateOf(accounts));
    await bench.start();
    await expect(copy.write(numbered(3))).rejects.toMatchObject(OVERTAKEN);
    await copy.close();
    await expect(old.copy(accounts, numbered(3))).rejects.toMatchObject({ code: 'FENCED' });
    expect(await bench.rows(accounts)).toEqual([]);
  });

  it('lets the instance that overtook go on', async () => {
    const old = await bench.start();
    await old.destination.prepare(accounts);
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    await pipe.apply([insert(accounts, ['1', 'new'])]);
    expect(await bench.rows(accounts)).toEqual([['1', 'new']]);
  });

  it('reads the checkpoint without taking the pipeline over', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    await (await bench.open()).peek(STREAM);
    await pipe.apply([insert(accounts, ['1', 'a'])]);
    expect(await bench.rows(accounts)).toHaveLength(1);
  });

  it('refuses to go on with another PostgreSQL cluster', async () => {
    await bench.start();
    const other = await bench.open();
    await expect(other.claim({ ...STREAM, systemId: '8000000000000000008' })).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
  });

  it('forgets a pipeline on request, and keeps its tables', async () => {
    const pipe = await bench.start();
    await pipe.destination.prepare(accounts);
    await pipe.copy(accounts, [['1', 'a']]);
    await pipe.destination.forget(STREAM);
    expect(await pipe.destination.peek(STREAM)).toBeNull();
    expect(await bench.rows(accounts)).toEqual([['1', 'a']]);
    expect(await (await bench.open()).claim(STREAM)).toBeNull();
  });
}
