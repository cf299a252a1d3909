import { beforeEach, describe, expect, it } from 'vitest';
import { lsn } from '../../src/model/lsn.ts';
import type { Relation } from '../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../src/model/value.ts';
import type { Message, RelationMessage } from '../../src/pgoutput/message.ts';
import { Assembler } from '../../src/source/assembler.ts';
import { together } from '../support/messages.ts';
import { encode, frame, keepalive } from '../support/pgoutput-encoder.ts';
import { relation } from '../support/relations.ts';

const START = lsn(1000n);

/** Relations by OID as the catalog describes them, and the rows that the source still holds. */
let catalog: Map<number, Relation>;
let atSource: Row | null;
let assembler: Assembler;

const describeTable = (oid: number, table: Relation): RelationMessage => {
  catalog.set(oid, { ...table, oid });
  const columns = table.columns.map(({ name }) => ({ name, key: false, typeOid: 25, typmod: -1 }));
  return { kind: 'relation', xid: null, oid, schema: 'public', name: table.name, replicaIdentity: 'default', columns };
};
const begin = (at: bigint): Message => ({ kind: 'begin', commitLsn: lsn(at), commitTime: 0, xid: 7 });
const commit = (at: bigint): Message => ({ kind: 'commit', commitLsn: lsn(at), end: lsn(at + 8n), commitTime: 0 });
const insert = (oid: number, after: Row): Message => ({ kind: 'insert', xid: null, oid, after });

/** Feeds messages and keepalives as one read of the socket. */
async function feed(...messages: readonly (Message | Buffer)[]) {
  const frames = messages.map((message) => (Buffer.isBuffer(message) ? message : frame(1n, 0, encode(message))));
  return await assembler.feed([together(frames)]);
}
const kinds = async (...messages: readonly (Message | Buffer)[]) =>
  (await feed(...messages)).map((event) => event.kind);
const alive = (walEnd: bigint, reply = false) => keepalive(walEnd, 0, reply);

beforeEach(() => {
  catalog = new Map();
  atSource = null;
  assembler = new Assembler(
    {
      describe: async (message) => {
        const found = catalog.get(message.oid);
        if (!found) throw new Error(`no table ${message.oid}`);
        return found;
      },
      remembered: () => null,
      refetch: async () => atSource,
    },
    START,
  );
});

const keyed = relation('t', ['id int4', 'v text', 'big text'], ['id']);
const full = relation('f', ['a text', 'b text'], 'row');

describe('Assembler', () => {
  it('yields a transaction in order, its table first', async () => {
    const events = await feed(describeTable(5, keyed), begin(2000n), insert(5, ['1', 'a', null]), commit(2000n));
    expect(events.map((event) => event.kind)).toEqual(['relation', 'begin', 'insert', 'commit']);
    expect(events[2]).toMatchObject({ relation: { oid: 5 }, after: ['1', 'a', null] });
    expect(events[3]).toMatchObject({ commitLsn: 2000n, end: 2008n });
  });

  it('says nothing when a table is described again without a difference', async () => {
    expect(await kinds(describeTable(5, keyed), describeTable(5, keyed))).toEqual(['relation']);
  });

  it('tells what a table was when its shape changes', async () => {
    const wider = relation('t', ['id int4', 'v text', 'big text', 'n int4'], ['id']);
    await feed(describeTable(5, keyed));
    const events = await feed(describeTable(5, wider));
    expect(events).toMatchObject([{ kind: 'relation', previous: { columns: keyed.columns } }]);
  });

  it('keeps a renamed table apart from a new one by its OID', async () => {
    await feed(describeTable(5, keyed));
    expect(await feed(describeTable(6, keyed))).toMatchObject([{ relation: { oid: 6 }, previous: null }]);
    expect(await feed(describeTable(5, { ...keyed, name: 'u' }))).toMatchObject([{ previous: { name: 't' } }]);
  });

  it('drops a transaction that the checkpoint already covers, and none that begins at it', async () => {
    const covered = [begin(999n), insert(5, ['1', 'a', null]), commit(999n)];
    const next = [begin(1000n), insert(5, ['2', 'b', null]), commit(1000n)];
    const events = await feed(describeTable(5, keyed), ...covered, ...next);
    expect(events.map((event) => event.kind)).toEqual(['relation', 'begin', 'insert', 'commit']);
    expect(events[2]).toMatchObject({ after: ['2', 'b', null] });
  });

  describe('idle positions', () => {
    it('come from keepalives between transactions only', async () => {
      expect(await kinds(begin(2000n), alive(2500n), commit(2000n))).toEqual(['begin', 'commit']);
      expect(await feed(alive(3000n))).toEqual([{ kind: 'idle', walEnd: 3000n, urgent: false }]);
    });

    it('stay behind the open transaction over several reads', async () => {
      await feed(begin(2000n));
      expect(await kinds(alive(2500n))).toEqual([]);
      expect(await kinds(commit(2000n), alive(2500n))).toEqual(['commit', 'idle']);
    });

    it('are merged, and one that the server waits for stays urgent', async () => {
      expect(await feed(alive(3000n, true), alive(3001n))).toEqual([{ kind: 'idle', walEnd: 3001n, urgent: true }]);
    });
  });

  describe('keys', () => {
    beforeEach(() => feed(describeTable(5, keyed), describeTable(6, full)));
    const update = (after: Row, old: Extract<Message, { kind: 'update' }>['old'] = null): Message => ({
      kind: 'update',
      xid: null,
      oid: 5,
      old,
      after,
    });

    it('are those of the new row where the server sent no old one', async () => {
      expect(await feed(update(['1', 'b', UNCHANGED]))).toMatchObject([
        { kind: 'update', key: ['1'], after: ['1', 'b', UNCHANGED] },
      ]);
    });

    it('are the old ones where the key changed, and placeholders of the old row say nothing', async () => {
      const old = { kind: 'key', row: ['1', null, null] } as const;
      expect(await feed(update(['9', 'b', UNCHANGED], old))).toMatchObject([
        { key: ['1'], after: ['9', 'b', UNCHANGED] },
      ]);
    });

    it('come with a full old row, which also shows what an unchanged large value is', async () => {
      const old = { kind: 'full', row: ['1', 'a', 'large'] } as const;
      expect(await feed(update(['1', 'b', UNCHANGED], old))).toMatchObject([
        { key: ['1'], after: ['1', 'b', 'large'] },
      ]);
    });

    it('are the whole old row for a table without a key', async () => {
      const remove: Message = { kind: 'delete', xid: null, oid: 6, old: { kind: 'full', row: ['x', null] } };
      expect(await feed(remove)).toMatchObject([{ kind: 'delete', key: ['x', null] }]);
    });

    it('must be there: an old row of the wrong kind is refused with the fix', async () => {
      const remove: Message = { kind: 'delete', xid: null, oid: 6, old: { kind: 'key', row: ['x', null] } };
      await expect(feed(remove)).rejects.toMatchObject({
        code: 'TABLE_UNSUITABLE',
        hint: expect.stringContaining('REPLICA IDENTITY FULL'),
      });
    });

    it('are never an unchanged large value', async () => {
      await expect(feed(update([UNCHANGED, 'b', null]))).rejects.toMatchObject({ code: 'PROTOCOL' });
    });
  });

  describe('a row that entered the row filter without its large values', () => {
    beforeEach(() => feed(describeTable(5, keyed)));

    it('is completed from the source', async () => {
      atSource = ['1', 'newer', 'large'];
      expect(await feed(insert(5, ['1', 'a', UNCHANGED]))).toMatchObject([{ after: ['1', 'a', 'large'] }]);
    });

    it('stops the stream when it is gone, rather than arrive with a NULL', async () => {
      await expect(feed(insert(5, ['1', 'a', UNCHANGED]))).rejects.toMatchObject({ code: 'VALUE_UNAVAILABLE' });
    });
  });

  it('lists all tables of a truncation at once', async () => {
    await feed(describeTable(5, keyed), describeTable(6, full));
    const truncate: Message = { kind: 'truncate', xid: null, oids: [5, 6], cascade: true, restartIdentity: false };
    expect(await feed(truncate)).toMatchObject([{ relations: [{ oid: 5 }, { oid: 6 }] }]);
  });

  it('passes messages on that belong to a transaction, no others', async () => {
    const message = { kind: 'message', xid: null, lsn: lsn(1n), prefix: 'p', content: Buffer.from('x') } as const;
    expect(await kinds({ ...message, transactional: false }, { ...message, transactional: true })).toEqual(['message']);
  });

  it('passes over origins and types', async () => {
    const type: Message = { kind: 'type', xid: null, oid: 99, schema: 'public', name: 'mood' };
    expect(await kinds({ kind: 'origin', lsn: lsn(1n), name: 'o' }, type)).toEqual([]);
  });

  it('refuses a change of a table that was never described', async () => {
    await expect(feed(insert(77, ['1']))).rejects.toMatchObject({
      code: 'PROTOCOL',
      message: expect.stringContaining('77'),
    });
  });

  it('refuses messages that were not asked for', async () => {
    await expect(
      feed({ kind: 'streamCommit', xid: 1, commitLsn: lsn(1n), end: lsn(2n), commitTime: 0 }),
    ).rejects.toThrow(/streamCommit/);
  });

  it('64: names the table of text that is not UTF-8', async () => {
    const row = frame(1n, 0, encode(insert(5, ['1', 'poison', null])));
    row[row.indexOf('poison')] = 0xff;
    await expect(feed(describeTable(5, keyed), row)).rejects.toMatchObject({
      code: 'SOURCE_ENCODING',
      message: expect.stringMatching(/^public\.t: .*UTF-8/),
    });
  });
});
