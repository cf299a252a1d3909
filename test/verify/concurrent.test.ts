import { describe, expect, it } from 'vitest';
import type { RowIdentity } from '../../src/model/relation.ts';
import type { Row } from '../../src/model/value.ts';
import { verify } from '../../src/verify/verify.ts';
import { randomBy, things, World } from './world.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

/** Rows below this are never touched by the writers. */
const COLD = 30;

/** Inserts, updates, key changes and deletes at every point where verify waits, and a replicator somewhat behind. */
function disturb(world: World, seed: number): void {
  const random = randomBy(seed);
  let next = 1000;
  const hot = (): Row | null => {
    const rows = world.here.rows.filter((row) => Number(row[0]) >= COLD);
    return rows[Math.floor(random() * rows.length)] ?? null;
  };
  const write = (): void => {
    const dice = random();
    const row = hot();
    if (dice < 0.5 || !row) world.change(null, [String(next++), `new ${seed}`, null]);
    else if (dice < 0.75) world.change(row, [row[0] ?? null, row[1] ?? null, `note ${Math.floor(random() * 4)}`]);
    else if (dice < 0.85) world.change(row, [String(next++), row[1] ?? null, row[2] ?? null]);
    else world.change(row, null);
  };
  world.tick = () => {
    for (let i = 0; i < 3; i++) if (world.log.length < 3000 && random() < 0.6) write();
    world.replicate(Math.floor(random() * 4));
  };
}

const run = async (world: World) =>
  await verify(world, world, [world.relation], { signal: new AbortController().signal, clock: world.clock });

describe.each<RowIdentity>(['key', 'row'])('verify under concurrent writes, identity %s', (identity) => {
  it.each(SEEDS)('reports nothing where both sides hold the same, seed %i', async (seed) => {
    const world = new World(identity, things(120));
    disturb(world, seed);
    const result = await run(world);
    expect(result).toMatchObject({ differences: 0, caughtUp: true });
    expect(world.log.length).toBeGreaterThan(50);
  });

  it.each(SEEDS)('still finds every real difference, seed %i', async (seed) => {
    const source = things(120);
    const destination: Row[] = source
      .filter((row) => row[0] !== '3')
      .map((row) => (row[0] === '11' ? ['11', 'name 11', 'wrong'] : row));
    destination.push(['12', 'name 12', 'an extra version']);
    const world = new World(identity, source, destination);
    disturb(world, seed);
    const result = await run(world);
    // A changed row counts once under its key; without a key it is a missing and an extra one.
    expect(result.differences).toBe(identity === 'key' ? 3 : 4);
    const named = result.tables[0]?.examples.map(({ kind, key }) => `${kind} ${key.id}`).sort();
    expect(named).toEqual(
      identity === 'key'
        ? ['different 11', 'extra 12', 'missing 3']
        : ['extra 11', 'extra 12', 'missing 11', 'missing 3'],
    );
  });
});

it('finds a row that the destination never gets although the source keeps changing it', async () => {
  const world = new World('key', things(60), things(60).slice(0, 59));
  let at = 0;
  world.tick = () => {
    at++;
    const row = world.here.rows.find((other) => other[0] === '59');
    // Between the looks, not within every one of them.
    if (row && at % 23 === 0) world.change(row, ['59', `version ${at}`, null]);
    world.applied = world.log.length;
  };
  const result = await run(world);
  expect(world.log.length).toBeGreaterThan(1);
  expect(result.tables[0]?.examples).toMatchObject([{ kind: 'missing', key: { id: '59' } }]);
});
