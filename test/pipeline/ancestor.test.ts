import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/model/checkpoint.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { lsn } from '../../src/model/lsn.ts';
import type { Timeline } from '../../src/model/source.ts';
import { assertAncestor } from '../../src/pipeline/ancestor.ts';

/** 1 was left at 0/100, 2 at 0/200. */
const server: Timeline = {
  id: 3,
  left: new Map([
    [1, lsn(0x100n)],
    [2, lsn(0x200n)],
  ]),
  recovering: false,
};
const at = (flushed: bigint, timeline: number | null, more: Partial<Checkpoint> = {}): Checkpoint => ({
  flushed: lsn(flushed),
  timeline,
  tables: [],
  ...more,
});
const table = (state: 'copying' | 'copied', snapshot: bigint) =>
  ({ schema: 'public', name: 't', oid: 1, state, snapshot: lsn(snapshot), rows: 0 }) as const;

function refusal(checkpoint: Checkpoint, by = server): Pg2anyError | null {
  try {
    assertAncestor(by, checkpoint);
    return null;
  } catch (error) {
    if (error instanceof Pg2anyError) return error;
    throw error;
  }
}

describe('a checkpoint', () => {
  it.each([
    ['of the timeline that the source is on', at(0x999n, 3)],
    ['of one that is not known', at(0x999n, null)],
    ['before the place where its timeline was left', at(0xffn, 1)],
    ['at that place', at(0x100n, 1)],
    ['of a later ancestor, beyond where an earlier one was left', at(0x1ffn, 2)],
  ])('%s is gone on from', (_, checkpoint) => {
    expect(refusal(checkpoint)).toBeNull();
  });

  it('beyond the place where its timeline was left is refused, with both places and the way out', () => {
    const error = refusal(at(0x101n, 1));
    expect(error).toMatchObject({ code: 'SOURCE_BEHIND', retry: false, exitCode: 6 });
    expect(error?.message).toBe(
      'the destination holds everything up to 0/101 of timeline 1, but the source left that timeline at 0/100 and is on timeline 3',
    );
    expect(error?.hint).toContain('pg2any teardown');
  });

  it.each([4, 2])('of timeline %i, which the source does not descend from, is refused wherever it is', (timeline) => {
    const other: Timeline = { ...server, left: new Map([[1, lsn(0x100n)]]) };
    const error = refusal(at(1n, timeline), other);
    expect(error).toMatchObject({ code: 'SOURCE_CHANGED', retry: false, exitCode: 6 });
    expect(error?.message).toContain(`up to 0/1 of timeline ${timeline}, and the source is on timeline 3`);
  });

  it('with a table that was copied beyond that place is refused, one whose copy comes again is not', () => {
    expect(refusal(at(0x80n, 1, { tables: [table('copied', 0x101n)] }))?.message).toContain('up to 0/101');
    expect(refusal(at(0x80n, 1, { tables: [table('copied', 0x100n), table('copying', 0x101n)] }))).toBeNull();
  });

  it('of several destinations is that of each: the one that is too far is named', () => {
    const destination = { ...at(0x80n, 1), name: 'destination' };
    const mirror = { ...at(0x101n, 1), name: 'mirror' };
    expect(refusal(at(0x80n, 1, { members: [destination, mirror] }))?.message).toMatch(/^the mirror holds/);
    expect(refusal(at(0x80n, 1, { members: [destination, { ...mirror, timeline: 2 }] }))).toBeNull();
  });
});
