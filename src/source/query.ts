import type pg from 'pg';
import { sourceError } from './errors.ts';
import { cutOff } from './hang-up.ts';
import type { Query } from './types.ts';

/** Behind a silently cut network no answer ever comes. Catalog queries take milliseconds. */
const ANSWER_MS = 60_000;

const turns = new WeakMap<pg.Client, Promise<unknown>>();

/** Asks when the connection has answered what was asked before: it can do one thing at a time. */
export async function inTurn<T>(client: pg.Client, ask: () => Promise<T>): Promise<T> {
  const mine = (turns.get(client) ?? Promise.resolve()).then(ask);
  turns.set(
    client,
    mine.catch(() => undefined),
  );
  return await mine;
}

/** Runs catalog queries on one connection; every value is PostgreSQL's text. Errors become Pg2anyError. */
export function queryOn(client: pg.Client, doing = 'read the source catalog', timeoutMs = ANSWER_MS): Query {
  return async (sql, params = []) => {
    const query = { text: sql, values: [...params], query_timeout: timeoutMs };
    try {
      return (await inTurn(client, () => client.query<Record<string, string | null>>(query))).rows;
    } catch (error) {
      // The answer may still come: the connection can no longer be asked anything.
      if (error instanceof Error && error.message === 'Query read timeout') cutOff(client);
      throw sourceError(error, doing);
    }
  };
}
