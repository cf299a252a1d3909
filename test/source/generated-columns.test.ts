import { expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { Catalog } from '../../src/source/catalog.ts';
import { connectSource } from '../../src/source/connection.ts';
import { queryOn } from '../../src/source/query.ts';

test.each([15, 18] as const)(
  'a generated column that the stream of PostgreSQL %i lacks is not copied either',
  async (version) => {
    const server = await startEmbeddedPostgres({ version });
    try {
      const { hostname: host, port, username: user, password, pathname } = new URL(server.url);
      const client = await connectSource({
        ...{ host, port: Number(port), user, password: decodeURIComponent(password), database: pathname.slice(1) },
        ...{ sslMode: 'disable', sslRootCert: null, connectTimeoutMs: 5000, queryTimeoutMs: 5000 },
      });
      await client.query('CREATE TABLE public.t (a int PRIMARY KEY, g int GENERATED ALWAYS AS (a * 2) STORED, b text)');
      await client.query('CREATE PUBLICATION p FOR TABLE public.t');
      const tables = await new Catalog(queryOn(client)).published('p', version * 10_000);
      await client.end();
      expect(tables[0]?.relation.columns.map((column) => column.name)).toEqual(['a', 'b']);
    } finally {
      await server.stop();
    }
  },
  60_000,
);
