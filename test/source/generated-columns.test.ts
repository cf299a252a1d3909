import { expect, test } from 'vitest';
import { Catalog } from '../../src/source/catalog.ts';
import { connectSource } from '../../src/source/connection.ts';
import { queryOn } from '../../src/source/query.ts';
import { sourceOptions } from '../support/pipeline.ts';
import { describeWith, freshDatabase, postgres } from '../support/services.ts';

for (const version of [15, 18] as const) {
  await describeWith(
    `PostgreSQL ${version}`,
    () => postgres(version),
    (server) => {
      test('a generated column that the stream lacks is not copied either', async () => {
        const database = await freshDatabase(server);
        const client = await connectSource(sourceOptions(database.url));
        try {
          await client.query(
            'CREATE TABLE public.t (a int PRIMARY KEY, g int GENERATED ALWAYS AS (a * 2) STORED, b text)',
          );
          await client.query('CREATE PUBLICATION p FOR TABLE public.t');
          const tables = await new Catalog(queryOn(client)).published('p', version * 10_000);
          expect(tables[0]?.relation.columns.map((column) => column.name)).toEqual(['a', 'b']);
        } finally {
          await client.end();
          await database.drop();
        }
      });
    },
  );
}
