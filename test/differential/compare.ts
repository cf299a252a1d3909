import { expect } from 'vitest';
import type { Place } from '../contract/place.ts';
import { pgRows } from '../support/sql.ts';

/** Every table that the source has now holds the same rows at both places, by the columns that it has now. */
export async function expectEqual(
  source: string,
  replica: Place,
  copy: Place,
  story: (table: string) => string,
): Promise<void> {
  for (const [table, columns] of await tablesOf(source)) {
    const [found, wanted] = [await rows(replica, table, columns), await rows(copy, table, columns)];
    expect(found, `table ${table}, after\n${story(table)}`).toEqual(wanted);
  }
}

async function tablesOf(url: string): Promise<readonly (readonly [string, readonly string[]])[]> {
  const found = await pgRows(
    url,
    `SELECT table_name, string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns
     WHERE table_schema = 'public' GROUP BY 1 ORDER BY 1`,
  );
  return found.map(([table, columns]) => [table ?? '', (columns ?? '').split(',')]);
}

/** Sorted, with equal rows as often as they are there. */
async function rows(place: Place, table: string, columns: readonly string[]): Promise<string[]> {
  const list = columns.map((name) => place.quote(name)).join(', ');
  return (await place.query(`SELECT ${list} FROM ${place.quote(table)}`)).map((row) => JSON.stringify(row)).sort();
}
