import { readFileSync } from 'node:fs';

const root = new URL('../../sql/source/', import.meta.url);

/** The text of a query shipped in `sql/source/`, by file name without `.sql`. */
export function loadSql(name: string): string {
  return readFileSync(new URL(`${name}.sql`, root), 'utf8');
}
