import type pg from 'pg';
import { sourceError } from './errors.ts';
import type { Query } from './types.ts';

/** Behind a silently cut network no answer ever comes. Catalog queries take milliseconds. */
const ANSWER_MS = 60_000;

/** Runs catalog queries on one connection; every value is PostgreSQL's text. Errors become Pg2anyError. */
export function queryOn(client: pg.Client, doing = 'read the source catalog', timeoutMs = ANSWER_MS): Query {
  return async (sql, params = []) => {
    const query = { text: sql, values: [...params], query_timeout: timeoutMs };
    try {
      return (await client.query<Record<string, string | null>>(query)).rows;
    } catch (error) {
      throw sourceError(error, doing);
    }
  };
}
