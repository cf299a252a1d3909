import { expect, test } from 'vitest';
import { inspectSource } from '../../src/preflight/preflight.ts';
import { connectSource } from '../../src/source/connection.ts';
import { queryOn } from '../../src/source/query.ts';
import { loadSql } from '../../src/source/sql.ts';
import { sourceOptions } from '../support/pipeline.ts';
import { describeWith, freshDatabase, postgres } from '../support/services.ts';
import { PLAN } from './facts.ts';

for (const version of [13, 14, 15, 16, 17, 18] as const) {
  await describeWith(
    `PostgreSQL ${version}`,
    () => postgres(version),
    (server) => {
      test('a well prepared pipeline has nothing that blocks, before and after its slot exists', async () => {
        const database = await freshDatabase(server);
        const client = await connectSource(sourceOptions(database.url));
        const plan = { ...PLAN, slot: database.name, publication: database.name };
        const look = () => inspectSource(plan, { query: queryOn(client), sql: loadSql }, { checkpoint: null });
        try {
          await client.query('CREATE TABLE public.t (a int PRIMARY KEY, b text)');
          const before = await look();
          await client.query(
            `CREATE PUBLICATION ${database.name} FOR TABLE public.t WITH (publish_via_partition_root = true)`,
          );
          await client.query(`SELECT pg_create_logical_replication_slot('${database.name}', 'pgoutput')`);
          const after = await look();
          for (const found of [before, after]) expect(found.filter((one) => one.severity === 'block')).toEqual([]);
          const messages = after.map((one) => one.message);
          expect(messages).toContain(`replication slot ${database.name} exists and is free`);
          expect(messages).toContain(`publication ${database.name} exists with 1 table`);
        } finally {
          await client.end();
          await database.drop();
        }
      });
    },
  );
}
