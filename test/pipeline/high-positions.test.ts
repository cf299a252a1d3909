import { describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../src/model/change.ts';
import { formatLsn, type Lsn, lsn, parseLsn } from '../../src/model/lsn.ts';
import { sample } from '../../src/status/sampler.ts';
import { FakeSource } from '../support/fake-source.ts';
import { MemoryServer } from '../support/memory-destination.ts';
import { relation } from '../support/relations.ts';
import { runEvents } from '../support/run-events.ts';

const table = relation('t', ['id int4'], ['id']);

/** One inserted row; its commit record is 48 bytes long. */
const transaction = (id: string, commitLsn: Lsn): SourceEvent[] => [
  { kind: 'begin', xid: 1, commitLsn, commitTime: 0 },
  { kind: 'insert', relation: table, after: [id] },
  { kind: 'commit', commitLsn, end: lsn(commitLsn + 48n), commitTime: 0 },
];

const run = async (memory: MemoryServer, source: FakeSource, until: Lsn) =>
  sample(await runEvents(memory, source, until), null, 0);

/** 66 of the fault catalogue: a WAL position is an unsigned 64-bit number. */
describe('66: positions beyond what a double or a signed integer holds', () => {
  it.each([
    ['2^53', 1n << 53n],
    ['2^63', 1n << 63n],
    ['the last gigabyte of 2^64', (1n << 64n) - (1n << 30n)],
  ])('across %s nothing is lost, repeated or rounded', async (_, middle) => {
    const first = lsn(middle - 24n);
    const second = lsn(middle + 24n);
    const events: SourceEvent[] = [
      { kind: 'relation', relation: table, previous: null },
      ...transaction('1', first),
      ...transaction('2', second),
    ];
    const end = lsn(second + 48n);
    const memory = new MemoryServer();
    const source = new FakeSource({ confirmed: lsn(first - 1n), position: end, events });
    const status = await run(memory, source, end);
    expect(memory.rows('public.t')).toEqual([['1'], ['2']]);
    expect(memory.checkpoint?.flushed).toBe(end);
    expect(source.acknowledged.at(-1)).toBe(end);
    expect(status.lsn.flushed).toBe(formatLsn(end));
    expect(parseLsn(status.lsn.flushed)).toBe(end);
    expect(status.lag.bytes).toBe(0);
    const again = new FakeSource({ confirmed: end, position: end, events: [] });
    await run(memory, again, end);
    expect(again.started).toEqual([end]);
    expect(memory.applied).toHaveLength(2);
  });
});
