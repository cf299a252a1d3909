import { describe, expect, it } from 'vitest';
import type { Recording } from '../../scripts/pgoutput/recorder.ts';
import { parseLsn } from '../../src/model/lsn.ts';
import type { Message } from '../../src/pgoutput/message.ts';
import { messages, recording, since, Transcript, transcript, VERSIONS } from '../support/pgoutput-recording.ts';

const transactions = (...groups: readonly (readonly string[])[]): string[] =>
  groups.flatMap((lines) => ['begin', ...lines, 'commit']);

const T = 'relation public.t default (id* 23, note 25)';

type Of<K extends Message['kind']> = Extract<Message, { kind: K }>;
const only = <K extends Message['kind']>(it: Recording, kind: K): readonly Of<K>[] =>
  messages(it).filter((message): message is Of<K> => message.kind === kind);

describe.each(VERSIONS)('transactions from PostgreSQL %i', (version) => {
  const script = (name: string) => transcript(recording(version, name));

  it('send the new shape of a table between its rows, and nothing of a DDL that was rolled back', () => {
    expect(script('ddl')).toEqual(
      transactions(
        [
          'relation public.t default (id* 23, a 25)',
          "insert public.t ('1', 'x')",
          'relation public.t default (id* 23, a 25, b 1700)',
          "insert public.t ('2', 'y', '2.25')",
          'relation public.t default (id* 23, ä "b" 25, b 1700)',
          "update public.t to ('1', 'x', '3.00')",
        ],
        ['relation public.t default (id* 23, ä "b" 25)', "insert public.t ('3', 'z')"],
        ['relation public.t default (id* 20, ä "b" 25)', "insert public.t ('3000000000', 'big')"],
        ['relation Odd.Schema.T 2 default (id* 20, ä "b" 25)', "delete Odd.Schema.T 2 key ('3', null)"],
        ['relation public.t default (id* 23)', "insert public.t ('1')"],
      ),
    );
  });

  it('keep the OID of a renamed table, and have a new one for a table created again', () => {
    const oids = only(recording(version, 'ddl'), 'relation').map((it) => it.oid);
    expect(new Set(oids.slice(0, -1)).size).toBe(1);
    expect(oids.at(-1)).not.toBe(oids[0]);
  });

  it('carry type modifiers', () => {
    const columns = only(recording(version, 'ddl'), 'relation').flatMap((it) => it.columns);
    expect(columns.find((column) => column.name === 'b')?.typmod).toBe(((6 << 16) | 2) + 4);
  });

  it('name their origin, with its position and its commit time', () => {
    const one = recording(version, 'origin');
    expect(transcript(one)).toEqual(
      transactions(
        ["origin 'elsewhere ü'", T, "insert public.t ('1', 'from elsewhere')"],
        ["insert public.t ('2', 'from here')"],
      ),
    );
    expect(only(one, 'origin')).toEqual([{ kind: 'origin', lsn: parseLsn('FFFFFFFF/1234ABCD'), name: 'elsewhere ü' }]);
    const times = only(one, 'begin').map((it) => it.commitTime);
    expect(times).toContain(Date.UTC(2020, 1, 2, 2, 2, 2, 500));
  });

  it('are sent empty before 15, and not at all from then on', () => {
    const kinds = messages(recording(version, 'empty')).map((it) => it.kind);
    const empty = version < 15 ? ['begin', 'commit'] : [];
    expect(kinds).toEqual([...empty, 'begin', 'relation', 'insert', 'commit']);
  });

  it('that were prepared arrive as ordinary ones where two_phase is off', () => {
    expect(script('prepared, two_phase off')).toEqual(transactions([T, "insert public.t ('1', 'a')"]));
  });

  it('have the time of their commit', () => {
    const one = recording(version, 'toast');
    for (const { commitTime } of only(one, 'commit')) {
      expect(commitTime).toBeGreaterThanOrEqual(one.began);
      expect(commitTime).toBeLessThanOrEqual(one.ended);
    }
  });
});

describe.each(since(14))('logical messages from PostgreSQL %i', (version) => {
  it('stand inside of their transaction, or outside of any, even from one that was rolled back', () => {
    expect(transcript(recording(version, 'messages'))).toEqual([
      "message alone 'beat' alone",
      ...transactions([T, "insert public.t ('1', 'a')", "message transactional 'präfix' \x00\xff\n"]),
      "message alone 'beat' from a rolled back transaction",
      ...transactions(["message transactional 'empty' "]),
    ]);
  });
});

/** What is left of streamed transactions: lines of each, at its end, without what was rolled back. */
function survivors(it: Recording): readonly string[] {
  const script = new Transcript();
  const pending = new Map<number, { xid: number; line: string }[]>();
  const lines: string[] = [];
  let top: number | null = null;
  for (const message of messages(it)) {
    const line = script.line(message);
    if (message.kind === 'streamStart') {
      expect(top, 'blocks never nest').toBeNull();
      expect(message.first).toBe(!pending.has(message.xid));
      top = message.xid;
      if (message.first) pending.set(top, []);
    } else if (message.kind === 'streamStop') top = null;
    else if (message.kind === 'streamAbort') {
      if (message.subXid === message.xid) pending.delete(message.xid);
      const left = pending.get(message.xid)?.filter((change) => change.xid !== message.subXid);
      if (left) pending.set(message.xid, left);
    } else if (message.kind === 'streamCommit' || (message.kind === 'prepare' && message.streamed)) {
      lines.push(...(pending.get(message.xid) ?? []).map((change) => change.line), line);
      pending.delete(message.xid);
    } else if (top !== null) {
      const xid = 'xid' in message ? message.xid : null;
      pending.get(top)?.push({ xid: xid ?? expect.fail(`${line} has no xid inside of a block`), line });
    } else lines.push(line);
  }
  expect([...pending.keys()], 'every streamed transaction ends').toEqual([]);
  return lines;
}

const changes = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('relation '));

describe.each(since(14))('streamed transactions from PostgreSQL %i', (version) => {
  const one = recording(version, 'streaming');

  it('come in blocks, between which whole transactions of others stand', () => {
    expect(changes(survivors(one))).toEqual([
      'begin',
      "insert public.t ('201', 'small')",
      'commit',
      "insert public.t ('1', 'one')",
      "insert public.t ('3', 'three')",
      "update public.t key ('1', null) to ('11', 'uno')",
      "insert public.t ('4', 'four', '8')",
      'truncate public.emptied',
      "message transactional 'note' in a stream",
      'type public.mood',
      "insert public.moods ('1', 'ok')",
      "delete public.t key ('3', null, null)",
      'streamCommit',
      'begin',
      "insert public.t ('5', 'after', '9')",
      'commit',
    ]);
  });

  it('name the transaction in an abort, and the subtransaction that it ends', () => {
    const [big, other] = only(one, 'streamStart').filter((it) => it.first);
    const aborts = only(one, 'streamAbort');
    expect(aborts).toHaveLength(2);
    expect(aborts.map((it) => it.xid).sort()).toEqual([big?.xid, other?.xid].sort());
    expect(aborts.find((it) => it.xid === other?.xid)).toMatchObject({ subXid: other?.xid, abort: null });
    expect(aborts.find((it) => it.xid === big?.xid)?.subXid).not.toBe(big?.xid);
    expect(only(one, 'streamCommit')).toMatchObject([{ xid: big?.xid }]);
  });
});

describe.each(since(15))('prepared transactions from PostgreSQL %i', (version) => {
  const one = recording(version, 'two-phase');

  it('arrive when they are prepared, and their end by itself', () => {
    expect(changes(survivors(one))).toEqual([
      'beginPrepare',
      "insert public.t ('1', 'kept')",
      'prepare',
      'commitPrepared',
      'beginPrepare',
      "insert public.t ('2', 'dropped')",
      'prepare',
      'rollbackPrepared',
      "insert public.t ('3', 'streamed')",
      'prepare',
      'commitPrepared',
    ]);
  });

  it('are told apart by their gid, with matching positions', () => {
    const [first, second, third] = only(one, 'prepare');
    const [kept, streamed] = only(one, 'commitPrepared');
    const [dropped] = only(one, 'rollbackPrepared');
    expect([first?.gid, second?.gid, third?.gid]).toEqual(['gid one', 'gid zwei ü', 'gid three']);
    expect([first?.streamed, second?.streamed, third?.streamed]).toEqual([false, false, true]);
    expect(only(one, 'beginPrepare')[0]).toEqual({ ...first, kind: 'beginPrepare', streamed: undefined });
    expect(kept).toMatchObject({ gid: 'gid one', xid: first?.xid });
    expect(streamed).toMatchObject({ gid: 'gid three', xid: third?.xid });
    expect(dropped).toMatchObject({
      gid: 'gid zwei ü',
      xid: second?.xid,
      prepareEnd: second?.end,
      prepareTime: second?.prepareTime,
    });
    for (const it of [first, second, third]) expect(it && it.end > it.prepareLsn).toBe(true);
  });
});

describe.each(since(16))('parallel streaming from PostgreSQL %i', (version) => {
  const one = recording(version, 'parallel');

  it('keeps what was not rolled back', () => {
    expect(changes(survivors(one))).toEqual([
      "insert public.t ('2', 'two')",
      "insert public.t ('4', 'four')",
      'streamCommit',
    ]);
  });

  it('says where and when an abort happened', () => {
    const aborts = only(one, 'streamAbort');
    expect(aborts).toHaveLength(2);
    for (const { abort } of aborts) {
      expect(abort?.lsn).toBeGreaterThan(0n);
      expect(abort?.time).toBeGreaterThanOrEqual(one.began);
      expect(abort?.time).toBeLessThanOrEqual(one.ended);
    }
  });
});
