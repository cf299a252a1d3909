import { readFileSync } from 'node:fs';
import type pg from 'pg';

const root = new URL('../../sql/demo/', import.meta.url);

/** Text of a file in `sql/demo/`, by name without `.sql`. */
export const demoSql = (name: string): string => readFileSync(new URL(`${name}.sql`, root), 'utf8');

export async function hasShop(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('public.product_documents') IS NOT NULL AS found",
  );
  return rows[0]?.found === true;
}

/** Creates and fills the shop in one transaction. False: it was there already, and nothing was touched. */
export async function createShop(client: pg.Client): Promise<boolean> {
  if (await hasShop(client)) return false;
  await client.query('BEGIN');
  try {
    await client.query(demoSql('schema'));
    await client.query(demoSql('seed'));
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Money in balances and payments together, as decimal text: the same in every committed state. */
export async function shopTotal(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ total: string }>(demoSql('invariant'));
  return rows[0]?.total ?? '0';
}
