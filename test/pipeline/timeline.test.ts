import { beforeEach, describe, expect, it } from 'vitest';
import type { SourceEvent } from '../../src/model/change.ts';
import type { Destination } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { type Lsn, lsn } from '../../src/model/lsn.ts';
import type { Timeline } from '../../src/model/source.ts';
import { FanOut } from '../../src/pipeline/fan-out.ts';
import { runPipeline } from '../../src/pipeline/pipeline.ts';
import { Counters } from '../../src/status/counters.ts';
import { onlyTables } from '../../src/transform/filter.ts';
import { FakeSource } from '../support/fake-source.ts';
import { MemoryServer } from '../support/memory-destination.ts';
import { relation } from '../support/relations.ts';

const table = relation('t', ['id int4'], ['id']);
const START = lsn(50n);

/** One inserted row, which ends at `end`. */
const rowAt = (end: number): SourceEvent[] => {
  const commitLsn = lsn(BigInt(end - 10));
  return [
    { kind: 'relation', relation: table, previous: null },
    { kind: 'begin', xid: 1, commitLsn, commitTime: 0 },
    { kind: 'insert', relation: table, after: [String(end)] },
    { kind: 'commit', commitLsn, end: lsn(BigInt(end)), commitTime: 0 },
  ];
};

const primary = (id: number, left: readonly (readonly [number, number])[] = []): Timeline => ({
  id,
  left: new Map(left.map(([timeline, at]) => [timeline, lsn(BigInt(at))])),
  recovering: false,
});

let memory: MemoryServer;
let sources: FakeSource[];
beforeEach(() => {
  memory = new MemoryServer();
  sources = [];
});

const sourceOn = (timeline: Timeline, end: number): FakeSource =>
  new FakeSource({ confirmed: START, position: lsn(BigInt(end)), events: rowAt(end), timeline });

/** One start of the program for each source, or one that meets them one after the other. */
async function replicate(end: number, destination: () => Destination, ...servers: FakeSource[]): Promise<void> {
  sources.push(...servers);
  const waiting = [...servers];
  const pipeline = {
    slot: 's',
    publication: 's',
    snapshot: 'never',
    until: lsn(BigInt(end)),
    transform: onlyTables(null),
    limits: { rows: 100, bytes: 1000 },
  } as const;
  await runPipeline(pipeline, {
    openSource: async () => waiting.shift() ?? (servers.at(-1) as FakeSource),
    openDestination: async () => destination(),
    counters: new Counters(0),
    emit: () => undefined,
    signal: new AbortController().signal,
    startupMs: 5000,
  });
}

const open = (): Destination => memory.open();
const starts = (): readonly (readonly Lsn[])[] => sources.map(({ started }) => started);

describe('after a failover', () => {
  beforeEach(async () => {
    await replicate(100, open, sourceOn(primary(1), 100));
    sources = [];
  });

  it('goes on from the checkpoint where the source has everything up to it, and remembers the new timeline', async () => {
    expect(memory.checkpoint).toMatchObject({ flushed: 100n, timeline: 1 });
    await replicate(200, open, sourceOn(primary(2, [[1, 100]]), 200));
    expect(starts()).toEqual([[100n]]);
    expect(memory.checkpoint).toMatchObject({ flushed: 200n, timeline: 2 });
  });

  it('opens no stream and writes nothing where the source lacks what the destination has', async () => {
    const late = replicate(200, open, sourceOn(primary(2, [[1, 99]]), 200));
    await expect(late).rejects.toMatchObject({ code: 'SOURCE_BEHIND' });
    expect(starts()).toEqual([[]]);
    expect(memory.checkpoint).toMatchObject({ flushed: 100n, timeline: 1 });
    expect(memory.applied).toHaveLength(1);
  });

  it('judges a second one by the timeline of the first', async () => {
    await replicate(200, open, sourceOn(primary(2, [[1, 100]]), 200));
    const early = primary(3, [
      [1, 100],
      [2, 199],
    ]);
    await expect(replicate(300, open, sourceOn(early, 300))).rejects.toMatchObject({ code: 'SOURCE_BEHIND' });
    const beside = primary(3, [[1, 100]]);
    await expect(replicate(300, open, sourceOn(beside, 300))).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    const right = primary(3, [
      [1, 100],
      [2, 200],
    ]);
    await replicate(300, open, sourceOn(right, 300));
    expect(memory.checkpoint).toMatchObject({ flushed: 300n, timeline: 3 });
  });

  it('that came to nothing, the standby beside is as good: nothing was received on the timeline between', async () => {
    const idle = sourceOn(primary(2, [[1, 100]]), 100);
    await replicate(100, open, idle);
    expect(memory.checkpoint).toMatchObject({ flushed: 100n, timeline: 1 });
    await replicate(200, open, sourceOn(primary(3, [[1, 150]]), 200));
    expect(memory.checkpoint).toMatchObject({ flushed: 200n, timeline: 3 });
  });

  it('is judged in a process that goes on running', async () => {
    const broken = sourceOn(primary(1), 200);
    broken.stream = async () => {
      throw new Pg2anyError('SOURCE_UNREACHABLE', 'the primary is gone');
    };
    const running = replicate(200, open, broken, sourceOn(primary(2, [[1, 99]]), 200));
    await expect(running).rejects.toMatchObject({ code: 'SOURCE_BEHIND' });
    expect(starts()).toEqual([[], []]);
  });

  it('is judged for each of several destinations by its own checkpoint', async () => {
    const mirror = new MemoryServer();
    const both = () => new FanOut(memory.open(), mirror.open());
    await replicate(150, both, sourceOn(primary(1), 150));
    if (mirror.checkpoint) mirror.checkpoint.flushed = lsn(120n);
    const lacking = replicate(200, both, sourceOn(primary(2, [[1, 130]]), 200));
    await expect(lacking).rejects.toMatchObject({ code: 'SOURCE_BEHIND', message: /^the destination holds/ });
    if (memory.checkpoint) memory.checkpoint.timeline = null;
    await replicate(200, both, sourceOn(primary(2, [[1, 130]]), 200));
    expect([memory.checkpoint, mirror.checkpoint]).toMatchObject([{ timeline: 2 }, { timeline: 2 }]);
  });

  it('goes on from a checkpoint that has no timeline, and gives it one', async () => {
    if (memory.checkpoint) memory.checkpoint.timeline = null;
    await replicate(200, open, sourceOn(primary(2, [[1, 1]]), 200));
    expect(memory.checkpoint).toMatchObject({ flushed: 200n, timeline: 2 });
  });

  it('remembers no timeline of a source in recovery, which may go over to another one unseen', async () => {
    await replicate(200, open, sourceOn({ ...primary(1), recovering: true }, 200));
    expect(memory.checkpoint).toMatchObject({ flushed: 200n, timeline: null });
  });

  it('judges a source in recovery all the same', async () => {
    const standby = { ...primary(2, [[1, 99]]), recovering: true };
    await expect(replicate(200, open, sourceOn(standby, 200))).rejects.toMatchObject({ code: 'SOURCE_BEHIND' });
  });
});
