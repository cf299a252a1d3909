import type pg from 'pg';
import { sourceError } from './errors.ts';
import type { Query } from './types.ts';

/** Runs catalog queries on one connection; every value is PostgreSQL's text. Errors become Pg2anyError. */
export function queryOn(client: pg.Client, doing = 'read the source catalog'): Query {
  return async (sql, params = []) => {
    try {
      return (await client.query<Record<string, string | null>>(sql, [...params])).rows;
    } catch (error) {
      throw sourceError(error, doing);
    }
  };
}
