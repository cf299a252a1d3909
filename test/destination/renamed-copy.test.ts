import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Destination } from '../../src/model/destination.ts';
import { lsn } from '../../src/model/lsn.ts';
import type { Relation } from '../../src/model/relation.ts';
import type { Place } from '../contract/place.ts';
import { sqlitePlace } from '../contract/sqlite-place.ts';

import { relation } from '../support/relations.ts';

let place: Place;
let destination: Destination;
beforeEach(async () => {
  place = await sqlitePlace();
  destination = await place.open();
});
afterEach(async () => {
  await destination.close();
  await place.close();
});

it('a table that is copied again while it waits for its new name is remembered once, with its columns', async () => {
  const before = relation('t', ['id int4', 'v text'], ['id']);
  const after: Relation = { ...before, name: 'x', target: { schema: null, name: 'x' } };
  const stream = { slot: 's', systemId: '1' };
  const copy = async (one: Relation): Promise<void> => {
    const { oid, schema, name } = one;
    const copying = await destination.copy(one, { oid, schema, name, state: 'copying', snapshot: lsn(2n), rows: 0 });
    await copying.write([['1', 'a']]);
    await copying.finish();
    await copying.close();
  };
  await destination.claim(stream);
  await destination.begin(lsn(1n));
  await destination.prepare(before);
  await copy(before);
  await destination.prepare(after);
  await copy(after);
  const { tables = [] } = (await destination.peek(stream)) ?? {};
  expect(tables).toHaveLength(1);
  expect(tables[0]).toMatchObject({ oid: before.oid, state: 'copied', shape: { target: { name: 't' } } });
});
