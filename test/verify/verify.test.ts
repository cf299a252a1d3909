import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/model/value.ts';
import type { Progress } from '../../src/verify/ports.ts';
import type { TableResult } from '../../src/verify/result.ts';
import { type VerifySettings, verify } from '../../src/verify/verify.ts';
import { things, World } from './world.ts';

const look = async (world: World, settings: Partial<VerifySettings> = {}) =>
  await verify(world, world, [world.relation], {
    signal: new AbortController().signal,
    clock: world.clock,
    ...settings,
  });

const only = (result: { tables: readonly TableResult[] }): TableResult => {
  const [table] = result.tables;
  if (!table) throw new Error('no table');
  return table;
};

describe('verify of a table with a key', () => {
  it('reads each side once where they are equal', async () => {
    const world = new World('key', things(100));
    const result = await look(world);
    expect(result).toMatchObject({ rows: 100, differences: 0, complete: true, caughtUp: true });
    expect(only(result)).toMatchObject({ table: 'public.things', rows: 100, destinationRows: 100, examples: [] });
    expect(world.scans).toEqual({ source: 1, destination: 1 });
  });

  it('names a missing, an extra and a different row with key and columns', async () => {
    const source = things(50);
    const destination = source.filter((row) => row[0] !== '7');
    destination[20] = ['21', 'Name 21', 'changed'];
    destination.push(['900', 'left over', null]);
    const table = only(await look(new World('key', source, destination)));
    expect(table).toMatchObject({ rows: 50, destinationRows: 50, differences: 3, complete: true });
    expect(table.examples).toHaveLength(3);
    expect(table.examples).toContainEqual({ kind: 'missing', key: { id: '7' }, columns: [] });
    expect(table.examples).toContainEqual({ kind: 'extra', key: { id: '900' }, columns: [] });
    expect(table.examples).toContainEqual({
      kind: 'different',
      key: { id: '21' },
      columns: [{ column: 'note', source: 'NOTE 0', destination: 'CHANGED' }],
    });
  });

  it('tells NULL from an empty string', async () => {
    const result = await look(new World('key', [['1', null, 'x']], [['1', '', 'x']]));
    expect(only(result).examples).toEqual([
      { kind: 'different', key: { id: '1' }, columns: [{ column: 'name', source: null, destination: '' }] },
    ]);
  });

  it('counts a second row under one key at the destination', async () => {
    const result = await look(new World('key', things(10), [...things(10), ['3', 'name 3', 'note 0']]));
    expect(only(result)).toMatchObject({ differences: 1, examples: [{ kind: 'extra', key: { id: '3' } }] });
  });

  it('finds every row missing in an empty destination and every extra one in an empty source', async () => {
    expect(only(await look(new World('key', things(200), [])))).toMatchObject({ differences: 200, complete: true });
    expect(only(await look(new World('key', [], things(200))))).toMatchObject({ differences: 200, complete: true });
  });

  it('says nothing about a row that changes during every look', async () => {
    const world = new World('key', things(5), things(4));
    let version = 0;
    world.tick = () => {
      const row = world.here.rows.find((other) => other[0] === '4');
      if (row) world.change(row, ['4', `version ${version++}`, null]);
      // The destination never gets this row, but its position follows.
      world.applied = world.log.length;
    };
    expect(only(await look(world))).toMatchObject({ differences: 0, unsettled: 1 });
  });
});

describe('verify of a table without a key', () => {
  it('counts duplicates one by one', async () => {
    const row: Row = ['1', 'twin', null];
    const other: Row = ['2', 'single', null];
    const result = await look(new World('row', [row, row, row, row, other], [row, other, other]));
    const table = only(result);
    expect(table).toMatchObject({ rows: 5, destinationRows: 3, differences: 4, complete: true });
    expect(table.examples).toContainEqual({ kind: 'missing', key: { id: '1', name: 'TWIN', note: null }, columns: [] });
    expect(table.examples).toContainEqual({ kind: 'extra', key: { id: '2', name: 'SINGLE', note: null }, columns: [] });
  });

  it('is content with the same rows in another order', async () => {
    const rows = [...things(40), ...things(20)];
    expect((await look(new World('none', rows, [...rows].reverse()))).differences).toBe(0);
  });

  it('does not take equal rows that keep arriving for extra ones', async () => {
    const world = new World('row', [['1', 'same', null]]);
    world.tick = () => {
      if (world.log.length < 400) world.change(null, ['1', 'same', null]);
      world.replicate();
    };
    const result = await look(world);
    expect(result.differences).toBe(0);
    expect(only(result).destinationRows).toBeGreaterThan(only(result).rows);
  });
});

describe('verify beside a destination that lags', () => {
  it('waits for the destination while it moves', async () => {
    const world = new World('key', things(30));
    for (let i = 0; i < 25; i++) world.change([String(i), `name ${i}`, i % 5 === 0 ? null : `note ${i % 3}`], null);
    world.tick = () => {
      if (world.scans.source > 0) world.replicate(1);
    };
    const result = await look(world, { graceMs: 500 });
    expect(result).toMatchObject({ rows: 5, differences: 0, caughtUp: true });
  });

  it('goes on after one grace where nobody replicates, and says so', async () => {
    const world = new World('key', things(30), things(30));
    for (let i = 0; i < 3; i++)
      world.change([String(i), `name ${i}`, i === 0 ? null : `note ${i}`], [String(i), 'late', null]);
    const result = await look(world, { graceMs: 5000 });
    expect(result).toMatchObject({ differences: 3, caughtUp: false });
    expect(world.time).toBeLessThan(7000);
  });

  it('does not wait a whole grace for a position that no difference depends on', async () => {
    const world = new World('key', things(30));
    const gone: Row = ['x', 'short', null];
    world.change(null, gone);
    world.change(gone, null);
    const result = await look(world, { graceMs: 60_000 });
    expect(result).toMatchObject({ differences: 0, caughtUp: true });
    expect(world.time).toBeLessThan(2000);
  });
});

describe('verify of more differences than its memory holds', () => {
  it('finds them all in slices', async () => {
    const world = new World('key', things(3000), []);
    const table = only(await look(world, { cells: 512 }));
    expect(table).toMatchObject({ rows: 3000, destinationRows: 0, differences: 3000, complete: true });
    expect(world.scans.source).toBeGreaterThan(3);
  });

  it('stops at the limit and says that there may be more', async () => {
    const world = new World('key', things(3000), []);
    const result = await look(world, { cells: 512, maxDifferences: 100 });
    expect(result).toMatchObject({ rows: 3000, complete: false });
    expect(result.differences).toBeGreaterThanOrEqual(100);
    expect(result.differences).toBeLessThan(3000);
  });

  it('keeps only the asked number of examples', async () => {
    const table = only(await look(new World('row', things(500), []), { examples: 4 }));
    expect(table.differences).toBe(500);
    expect(table.examples).toHaveLength(4);
  });
});

describe('verify as a task', () => {
  it('tells what it does', async () => {
    const seen: Progress[] = [];
    await look(new World('key', things(10), things(9)), { onProgress: (progress) => seen.push(progress) });
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(
      new Set(['source', 'waiting', 'destination', 'confirming']),
    );
    expect(seen).toContainEqual({ table: 'public.things', phase: 'source', round: 1, rows: 10 });
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const world = new World('key', things(100));
    world.tick = () => {
      if (world.scans.destination > 0) abort.abort(new Error('enough'));
    };
    await expect(look(world, { signal: abort.signal })).rejects.toThrow('enough');
  });
});
