import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import {
  type EmbeddedPostgres,
  type PostgresVersion,
  startEmbeddedPostgres,
} from '../../src/demo/embedded-postgres.ts';
import type { SourceTable } from '../../src/model/source.ts';
import { Catalog } from '../../src/source/catalog.ts';
import { connectSource } from '../../src/source/connection.ts';
import { queryOn } from '../../src/source/query.ts';
import type { Query } from '../../src/source/types.ts';
import { sourceOptions } from './pipeline.ts';

/** A PostgreSQL of the test file's own, and a session on it as the product opens one. */
export interface SourceSession {
  server: EmbeddedPostgres;
  client: pg.Client;
  query: Query;
  catalog: Catalog;
  /** Of a publication, by name. */
  published(publication: string): Promise<Record<string, SourceTable>>;
  /** The same as another role, made with these attributes. */
  as(role: string, attributes: string): Promise<{ query: Query; end(): Promise<void> }>;
}

export function sourceSession(version: PostgresVersion): SourceSession {
  const session = {
    published: async (publication) => {
      const tables = await new Catalog(session.query).published(publication, version * 10_000);
      return Object.fromEntries(tables.map((table) => [table.relation.name, table]));
    },
    as: async (role, attributes) => {
      await session.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' ${attributes}`);
      const client = await connectSource({ ...sourceOptions(session.server.url), user: role, password: 'x' });
      return { query: queryOn(client), end: () => client.end() };
    },
  } as SourceSession;
  beforeAll(async () => {
    session.server = await startEmbeddedPostgres({ version, settings: { fsync: 'off' } });
    session.client = await connectSource(sourceOptions(session.server.url));
    session.query = queryOn(session.client);
    session.catalog = new Catalog(session.query);
  }, 120_000);
  afterAll(async () => {
    await session.client.end();
    await session.server.stop('immediate');
  });
  return session;
}
