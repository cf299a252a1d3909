import { freshSqlServerDatabase } from '../support/sqlserver.ts';
import { Tsql } from '../support/tsql.ts';
import { OPTIONS, openDestination } from './open.ts';
import type { Place } from './place.ts';

const quote = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

/** A database of its own on a shared server. */
export async function sqlServerPlace(server: { readonly url: string }): Promise<Place> {
  const database = await freshSqlServerDatabase(server);
  const url = new URL(database.url);
  const way = await Tsql.open(database.url);
  return {
    engine: 'sqlserver',
    url,
    types: {
      integer: 'bigint',
      text: 'nvarchar(max) COLLATE Latin1_General_100_BIN2',
      keyText: 'nvarchar(200) COLLATE Latin1_General_100_BIN2',
    },
    open: (options) => openDestination('sqlserver', { ...OPTIONS, url, ...options }),
    quote,
    table: ({ target }) => `${quote(target.schema ?? 'dbo')}.${quote(target.name)}`,
    schema: (name) => name,
    query: (sql) => way.query(sql),
    exec: (sql) => way.exec(sql),
    close: async () => {
      way.close();
      await database.drop();
    },
  };
}
