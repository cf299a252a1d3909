import { describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../src/model/change.ts';
import { lsn } from '../../src/model/lsn.ts';
import type { Message } from '../../src/pgoutput/message.ts';
import { Assembler } from '../../src/source/assembler.ts';
import { FakeSource } from '../support/fake-source.ts';
import { MemoryServer } from '../support/memory-destination.ts';
import { together } from '../support/messages.ts';
import { encode, frame } from '../support/pgoutput-encoder.ts';
import { relation } from '../support/relations.ts';
import { runEvents } from '../support/run-events.ts';

const table = { ...relation('t', ['id int4', 'v text'], ['id']), oid: 5 };
const shape: Message = {
  kind: 'relation',
  xid: null,
  oid: 5,
  schema: 'public',
  name: 't',
  replicaIdentity: 'default',
  columns: table.columns.map(({ name }) => ({ name, key: name === 'id', typeOid: 25, typmod: -1 })),
};
const START = lsn(1000n);
const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR = 3_600_000;

/** In the order of the WAL: xids wrap and are used again, and the clock of the source goes back. */
const COMMITS = [
  { xid: 2 ** 32 - 2, time: NOON, value: 'first' },
  { xid: 2 ** 32 - 1, time: NOON - HOUR, value: 'second' },
  { xid: 3, time: NOON + HOUR, value: 'third' },
  { xid: 3, time: NOON - 2 * HOUR, value: 'fourth' },
  { xid: 4, time: NOON - 2 * HOUR, value: 'last' },
];
const commitLsn = (index: number) => lsn(2000n + 100n * BigInt(index));
const end = lsn(commitLsn(COMMITS.length - 1) + 48n);

/** As the server would send it, read as from the socket. */
async function received(): Promise<readonly SourceEvent[]> {
  const messages = COMMITS.flatMap(({ xid, time, value }, index): Message[] => {
    const at = { commitLsn: commitLsn(index), commitTime: time };
    const key = { xid: null, oid: 5, after: ['1', value] } as const;
    const change: Message = index === 0 ? { kind: 'insert', ...key } : { kind: 'update', old: null, ...key };
    return [{ kind: 'begin', xid, ...at }, change, { kind: 'commit', end: lsn(at.commitLsn + 48n), ...at }];
  });
  const lookup = { describe: async () => table, remembered: () => null, refetch: async () => null };
  const frames = [shape, ...messages].map((message) => frame(2000n, NOON, encode(message)));
  return await new Assembler(lookup, START).feed([together(frames)]);
}

const run = (memory: MemoryServer, source: FakeSource, until = end) => runEvents(memory, source, until);
const values = (memory: MemoryServer) => memory.applied.map((change) => 'after' in change && change.after[1]);

/** 71 of the fault catalogue: PostgreSQL sends commits in the order of their records, whatever time and xid say. */
describe('71: commit times that go back, and xids across their wrap', () => {
  it('are read as what they are', async () => {
    const begun = (await received()).flatMap((event) => (event.kind === 'begin' ? [event] : []));
    expect(begun.map(({ xid, commitTime }) => ({ xid, time: commitTime }))).toEqual(
      COMMITS.map(({ xid, time }) => ({ xid, time })),
    );
  });

  it.each([
    ['in one batch', false],
    ['in several', true],
  ])('change nothing of the order, nor of what counts as done: %s', async (_, apart) => {
    const memory = new MemoryServer();
    const source = new FakeSource({ confirmed: START, position: end, events: await received(), apart });
    const counters = await run(memory, source);
    expect(memory.batches.length > 1).toBe(apart);
    expect(values(memory)).toEqual(COMMITS.map(({ value }) => value));
    expect(memory.rows('public.t')).toEqual([['1', 'last']]);
    expect(memory.checkpoint?.flushed).toBe(end);
    expect(source.acknowledged.at(-1)).toBe(end);
    expect(counters.transactions).toBe(COMMITS.length);
  });

  it('resume behind what is applied, and pass over none that is older by its clock', async () => {
    const memory = new MemoryServer();
    const events = await received();
    const script = { confirmed: START, position: end };
    const first = lsn(commitLsn(0) + 48n);
    await run(memory, new FakeSource({ ...script, events: events.slice(0, 4) }), first);
    expect(memory.checkpoint?.flushed).toBe(first);
    const rest = new FakeSource({ ...script, events: [...events.slice(0, 1), ...events.slice(4)] });
    await run(memory, rest);
    expect(rest.started).toEqual([first]);
    expect(values(memory)).toEqual(COMMITS.map(({ value }) => value));
  });
});
