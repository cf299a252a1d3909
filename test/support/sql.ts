import { createConnection } from 'mysql2/promise';
import pg from 'pg';

/** Every value as text or null, in the order of the columns. */
export type TextRow = readonly (string | null)[];

/** Runs statements on a connection of their own; gives the rows of the last one, as PostgreSQL's own text. */
export async function pgRows(url: string, sql: string): Promise<TextRow[]> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (text: string) => text } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result: pg.QueryArrayResult<(string | null)[]> | pg.QueryArrayResult<(string | null)[]>[] =
      await client.query({ text: sql, rowMode: 'array' });
    const last = Array.isArray(result) ? result.at(-1) : result;
    return last?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** The first column of the first row. */
export async function pgValue(url: string, sql: string): Promise<string> {
  return (await pgRows(url, sql))[0]?.[0] ?? '';
}

/** The same for MySQL and MariaDB; one or several statements; numbers, dates and bytes as text. */
export async function mysqlRows(url: string, sql: string): Promise<TextRow[]> {
  const connection = await createConnection({
    uri: url,
    rowsAsArray: true,
    multipleStatements: true,
    charset: 'utf8mb4',
    typeCast: (field) => field.string('utf8'),
  });
  try {
    const [rows] = await connection.query(sql);
    const sets = Array.isArray(rows) ? rows : [];
    const last: unknown = sets.length > 0 && isResultSet(sets.at(-1)) ? sets.at(-1) : sets;
    return (Array.isArray(last) ? last : []).filter((row) => Array.isArray(row)) as TextRow[];
  } finally {
    await connection.end();
  }
}

/** With several statements each item is the answer to one: a list of rows, which are lists themselves. */
function isResultSet(item: unknown): boolean {
  return Array.isArray(item) && (item.length === 0 || Array.isArray(item[0]));
}

export async function mysqlValue(url: string, sql: string): Promise<string> {
  return (await mysqlRows(url, sql))[0]?.[0] ?? '';
}
