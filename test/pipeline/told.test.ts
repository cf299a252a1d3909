import { expect, it } from 'vitest';
import type { Destination } from '../../src/model/destination.ts';
import type { Relation } from '../../src/model/relation.ts';
import { prepareTold, type Untold } from '../../src/pipeline/told.ts';
import { relation } from '../support/relations.ts';

const plain = relation('t', ['id int4', 'n int4'], ['id']);
const filled: Relation = {
  ...plain,
  columns: plain.columns.map((column, i) => (i === 1 ? { ...column, filled: true } : column)),
};

function prepared(values: ReadonlyMap<number, string>): Promise<unknown> {
  const destination: Pick<Destination, 'prepare'> = {
    prepare: async (_, defaults) => ({
      action: 'altered',
      table: 't',
      sql: [...(defaults ?? [])].map(String),
      road: '',
    }),
  };
  const untold: Untold = {
    missingValues: async () => values,
    hasValues: async () => true,
    copyAgain: async () => new Error('copied again') as never,
  };
  return prepareTold(destination as Destination, filled, untold, false);
}

it('rows from before get the value that the catalog keeps for them', async () => {
  expect(await prepared(new Map([[2, '7']]))).toMatchObject({ sql: ['2,7'] });
});

it('a table whose rows were written again since it was described is described again', async () => {
  await expect(prepared(new Map())).rejects.toMatchObject({ code: 'STREAM_RESTART' });
});
