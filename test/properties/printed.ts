import fc from 'fast-check';
import type pg from 'pg';
import type { Relation } from '../../src/model/relation.ts';
import { Catalog } from '../../src/source/catalog.ts';
import { connectSource } from '../../src/source/connection.ts';
import { queryOn } from '../../src/source/query.ts';
import { sourceOptions } from '../support/pipeline.ts';
import { pgRows } from '../support/sql.ts';
import { type Case, TYPES_SQL } from './cases.ts';

/** A value as the source says it. */
export interface Value {
  readonly literal: string;
  /** What COPY and the stream show. */
  readonly text: string;
  /** What PostgreSQL itself says about its parts: an array's, an hstore's and a row's JSON; null otherwise. */
  readonly parts: string | null;
}

export interface Printed {
  readonly test: Case;
  readonly type: Relation['columns'][number]['type'];
  /** Distinct by their text. */
  readonly values: readonly Value[];
}

/** Between elements and in the place of NULL in `parts` of an array: characters that no generated text has. */
export const SEPARATOR = '\ue000';
export const NOTHING = '\ue001';

/** Generated values of every type, printed by a real server in a session as the product's own. */
export async function printAll(
  url: string,
  cases: readonly Case[],
  seed: number,
  count: number,
): Promise<readonly Printed[]> {
  await pgRows(url, TYPES_SQL);
  const columns = cases.map(({ type }, i) => `c${i} ${type}`);
  await pgRows(url, `CREATE TABLE public.every_type (${columns.join(', ')})`);
  const client = await connectSource(sourceOptions(url));
  try {
    const [oid] = (await client.query("SELECT 'public.every_type'::regclass::oid AS oid")).rows;
    const tables = await new Catalog(queryOn(client)).tables([
      { oid: Number(oid.oid), columns: null, rowFilter: null },
    ]);
    const found = tables[0]?.relation.columns ?? [];
    const all: Printed[] = [];
    for (const [i, test] of cases.entries()) {
      const type = found[i]?.type;
      if (!type) throw new Error(`the catalog does not know ${test.type}`);
      all.push({
        test,
        type,
        values: await printed(client, test, fc.sample(test.literals, { seed: seed + i, numRuns: count })),
      });
    }
    await client.query('DROP TABLE public.every_type');
    return all;
  } finally {
    await client.end();
  }
}

/** The column itself, not a cast to text, which would strip blanks and spell booleans: so COPY prints it. */
async function printed(client: pg.Client, test: Case, literals: readonly string[]): Promise<readonly Value[]> {
  const { type } = test;
  const sql = `SELECT u, v, ${partsSql(test)} FROM (
    SELECT u, u::${type} AS v FROM unnest($1::text[]) AS u WHERE pg_input_is_valid(u, $2) OFFSET 0) AS valid`;
  const { rows } = await client.query({ text: sql, rowMode: 'array', values: [literals, type] });
  const byText = new Map((rows as [string, string, string | null][]).map((row) => [row[1], row]));
  return [...byText.values()].map(([literal, text, parts]) => ({ literal, text, parts }));
}

function partsSql({ array, sense }: Case): string {
  if (array) return `json_build_array(array_dims(v), array_to_string(v, '${SEPARATOR}', '${NOTHING}'))::text`;
  if (sense === 'row') return 'to_json(v)::text';
  return sense === 'hstore' ? 'public.hstore_to_json(v)::text' : 'NULL';
}
