import { quoteIdent, quoteTable } from '../model/quote.ts';
import type { Relation } from '../model/relation.ts';
import type { Query } from './types.ts';

/**
 * By column, numbers with as many digits before and after the point as any value of the table has, and a value that is
 * no number, if there is one: what fits these fits every row of now. Reads the whole table.
 */
export async function widestNumbers(
  query: Query,
  relation: Pick<Relation, 'schema' | 'name'>,
  columns: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const [row = {}] = await query(`SELECT ${columns.map(measures).join(', ')} FROM ${quoteTable(relation)}`);
  return new Map(
    columns.map((column, i) => {
      const [before, after] = [Number(row[`before${i}`] ?? 0), Number(row[`after${i}`] ?? 0)];
      const number = `${'9'.repeat(before) || '0'}${after > 0 ? `.${'9'.repeat(after)}` : ''}`;
      const other = row[`other${i}`] ?? null;
      return [column, other === null ? [number] : [number, other]];
    }),
  );
}

/** The text of a numeric has no exponent; `NaN` and `Infinity` do not begin with a digit. */
function measures(column: string, i: number): string {
  const text = `${quoteIdent(column)}::pg_catalog.text`;
  const finite = `FILTER (WHERE ${text} ~ '^-?[0-9]')`;
  return [
    `max(length(split_part(ltrim(${text}, '-'), '.', 1))) ${finite} AS before${i}`,
    `max(length(rtrim(split_part(${text}, '.', 2), '0'))) ${finite} AS after${i}`,
    `max(${text}) FILTER (WHERE ${text} !~ '^-?[0-9]') AS other${i}`,
  ].join(', ');
}
