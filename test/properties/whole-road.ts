import pg from 'pg';
import type { ValueTable } from './value-tables.ts';

/** The table at the source, under the same name. */
export const sourceTableSql = ({ relation, sorted }: ValueTable): string =>
  `CREATE TABLE public.${relation.name} (id bigint PRIMARY KEY, ${sorted
    .map(({ printed }, i) => `c${i} ${printed.test.type}`)
    .join(', ')})`;

/** Rows `from` to `to` of each table, by the literals that the values were printed from. */
export async function fill(url: string, tables: readonly ValueTable[], part: (rows: number) => [number, number]) {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const { relation, sorted, rows } of tables) {
      const [from, to] = part(rows.length);
      const ids = rows.slice(from, to).map(([id]) => id);
      const columns = sorted.map(({ taken }) => ids.map((_, i) => taken[from + i]?.literal ?? null));
      const typed = sorted.map(({ printed }, i) => `u.c${i}::${printed.test.type}`);
      const arrays = ['$1::bigint[]', ...columns.map((_, i) => `$${i + 2}::text[]`)];
      const names = ['id', ...columns.map((_, i) => `c${i}`)];
      await client.query(
        `INSERT INTO public.${relation.name} SELECT u.id, ${typed.join(', ')}
         FROM unnest(${arrays.join(', ')}) AS u (${names.join(', ')})`,
        [ids, ...columns],
      );
    }
  } finally {
    await client.end();
  }
}
