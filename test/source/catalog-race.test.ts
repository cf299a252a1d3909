import { afterAll, beforeAll, expect, it } from 'vitest';
import { Catalog } from '../../src/source/catalog.ts';
import { connectSource } from '../../src/source/connection.ts';
import { queryOn } from '../../src/source/query.ts';
import { sourceOptions } from '../support/pipeline.ts';
import { freshDatabase, postgres } from '../support/services.ts';
import { pgRows } from '../support/sql.ts';

let url = '';
let drop = async (): Promise<void> => undefined;
beforeAll(async () => {
  const database = await freshDatabase(await postgres());
  [url, drop] = [database.url, database.drop];
});
afterAll(() => drop());

it.each([0, 1, 2])(
  'a column that is written into every row while the catalog is read (after %i queries) is seen with it or later',
  async (after) => {
    const table = `t${after}`;
    await pgRows(url, `CREATE TABLE ${table} (id int PRIMARY KEY); INSERT INTO ${table} VALUES (1)`);
    const client = await connectSource(sourceOptions(url));
    try {
      const ask = queryOn(client);
      let queries = 0;
      const racing: typeof ask = async (...question) => {
        if (queries++ === after) await pgRows(url, `ALTER TABLE ${table} ADD COLUMN n float8 DEFAULT random()`);
        return await ask(...question);
      };
      const [[oid = ''] = []] = await pgRows(url, `SELECT '${table}'::regclass::oid`);
      const refs = [{ oid: Number(oid), columns: null, rowFilter: null }];
      const [seen] = await new Catalog(racing).tables(refs);
      const [now] = await new Catalog(ask).tables(refs);
      const { storage, columns = [] } = seen?.relation ?? {};
      // files of now with the columns of before would say that nothing was written again
      if (columns.length === 1) expect(storage?.latest && storage.files === now?.relation.storage?.files).toBe(false);
      expect(now?.relation.columns).toHaveLength(2);
    } finally {
      await client.end();
    }
  },
);
