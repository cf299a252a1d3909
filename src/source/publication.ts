import { Pg2anyError } from '../model/error.ts';
import { quoteIdent, quoteLiteral, quoteTable } from '../model/quote.ts';
import { loadSql } from './sql.ts';
import type { Query } from './types.ts';

/** Written as the publication's comment, so that teardown drops only what pg2any made. */
export const MADE_BY_US = 'created by pg2any';

/** Partitions are published as their root, so that one source table is one destination table. */
const OPTIONS = 'WITH (publish_via_partition_root = true)';

interface Named {
  readonly schema: string;
  readonly name: string;
}

export async function publicationExists(query: Query, name: string): Promise<boolean> {
  return (await query('SELECT 1 AS one FROM pg_catalog.pg_publication WHERE pubname = $1', [name])).length > 0;
}

async function isSuperuser(query: Query): Promise<boolean> {
  const rows = await query("SELECT current_setting('is_superuser') AS super");
  return rows[0]?.super === 'on';
}

function wanted(available: readonly Named[], names: readonly string[]): Named[] {
  const byName = new Map(available.map((table) => [`${table.schema}.${table.name}`, table]));
  const missing = names.filter((name) => !byName.has(name));
  if (missing.length > 0) {
    const message = `the source has no table ${missing.map((name) => JSON.stringify(name)).join(', ')}`;
    throw new Pg2anyError('CONFIG_INVALID', message, {
      hint: 'Name tables as schema.table, exactly as the source spells them.',
    });
  }
  return names.flatMap((name) => byName.get(name) ?? []);
}

/** What follows FOR; null tables are all of them, which only a superuser may publish as such. */
async function scope(query: Query, tables: readonly string[] | null): Promise<string> {
  if (!tables && (await isSuperuser(query))) return 'FOR ALL TABLES';
  const rows = await query(loadSql('user-tables'));
  const available = rows.map((row) => ({ schema: row.schema ?? '', name: row.name ?? '' }));
  const chosen = tables ? wanted(available, tables) : available;
  if (chosen.length === 0) throw new Pg2anyError('CONFIG_INVALID', 'the source has no table to replicate');
  return `FOR TABLE ${chosen.map(quoteTable).join(', ')}`;
}

/** The statements that create the publication; `tables: null` is every table outside the system schemas. */
export async function publicationSql(query: Query, name: string, tables: readonly string[] | null): Promise<string[]> {
  const create = `CREATE PUBLICATION ${quoteIdent(name)} ${await scope(query, tables)} ${OPTIONS}`;
  return [create, `COMMENT ON PUBLICATION ${quoteIdent(name)} IS ${quoteLiteral(MADE_BY_US)}`];
}

/** Creates the publication unless it exists. Always before the slot: a slot never sees a later publication's past. */
export async function ensurePublication(
  query: Query,
  name: string,
  tables: readonly string[] | null,
): Promise<boolean> {
  if (await publicationExists(query, name)) return false;
  // Sent together they are one transaction: no publication of ours without its comment.
  await query((await publicationSql(query, name, tables)).join(';\n'));
  return true;
}

/** Drops the publication if pg2any made it; returns whether it did. */
export async function dropPublication(query: Query, name: string): Promise<boolean> {
  const sql =
    "SELECT pg_catalog.obj_description(oid, 'pg_publication') AS comment FROM pg_catalog.pg_publication WHERE pubname = $1";
  const rows = await query(sql, [name]);
  if (rows[0]?.comment !== MADE_BY_US) return false;
  await query(`DROP PUBLICATION ${quoteIdent(name)}`);
  return true;
}
