import { grouped, type Narrator } from './narrator.ts';
import type { Replica } from './replica.ts';

/** What the demo reads of `pg2any verify --json`. */
export interface Verdict {
  readonly rows: number;
  readonly differences: number;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly differences: number }[];
}

export function tellTables(narrator: Narrator, verdict: Verdict): void {
  const width = Math.max(...verdict.tables.map(({ table }) => table.length), 'table'.length);
  const row = (table: string, rows: string, differences: string): string =>
    `    ${table.padEnd(width)}  ${rows.padStart(9)}  ${differences.padStart(11)}`;
  narrator.line();
  narrator.line(narrator.style.dim(row('table', 'rows', 'differences')));
  for (const { table, rows, differences } of verdict.tables) {
    const line = row(table, grouped(rows), grouped(differences));
    narrator.line(differences > 0 ? narrator.style.error(line) : line);
  }
}

/** Three things to do next. */
export function tellNext(narrator: Narrator, replica: Replica, command: string): void {
  const look = replica.file
    ? `sqlite3 ${replica.file} "SELECT status, count(*) FROM orders GROUP BY 1"`
    : `SELECT status, count(*) FROM orders GROUP BY 1;   -- at ${replica.name}`;
  const { dot } = narrator.style.symbols;
  const urls = `CDC_SOURCE_URL=${dot} CDC_DEST_URL=${dot}`;
  narrator.line();
  narrator.heading('Next');
  for (const [what, text] of [
    ['look at the copy', look],
    ['check your own database', `${urls} ${command} check --env`],
    ['replicate it', `${urls} ${command} replicate --env`],
  ] as const) {
    narrator.line(`  ${narrator.style.dim(what)}`);
    narrator.line(`    ${text}`);
  }
  narrator.line();
}

export const lastLine = ({ tables, rows, differences }: Verdict): string =>
  `verify: ${tables.length} tables, ${rows} rows, ${differences} differences`;
