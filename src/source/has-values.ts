import type pg from 'pg';
import { quoteIdent, quoteTable } from '../model/quote.ts';

/** An index on the column, or the first row that has a value, answers at once; a large table of NULLs is not read to its end. */
const PATIENCE_MS = 60_000;

/**
 * Whether any row has a value in the column, whatever it and its table are called by now; false where one of them is
 * gone. True where that cannot be told: without privileges, behind a lock, in a table that is too large.
 */
export async function hasValues(client: pg.Client, oid: number, attnum: number): Promise<boolean> {
  try {
    await client.query(
      `SET statement_timeout = ${PATIENCE_MS}; SET lock_timeout = ${PATIENCE_MS}; SET row_security = off`,
    );
    const found = await client.query<{ schema: string; name: string; column: string }>(NAMES, [oid, attnum]);
    const [names] = found.rows;
    if (!names) return false;
    // a row of NULLs is a value, and is not IS NOT NULL
    const where = `${quoteIdent(names.column)} IS DISTINCT FROM NULL`;
    const text = `SELECT FROM ${quoteTable(names)} WHERE ${where} LIMIT 1`;
    const look = { text, query_timeout: 2 * PATIENCE_MS };
    return (await client.query<object>(look)).rowCount !== 0;
  } catch {
    return true;
  }
}

const NAMES = `SELECT n.nspname AS schema, c.relname AS name, a.attname AS column
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE a.attrelid = $1::oid AND a.attnum = $2 AND NOT a.attisdropped`;
