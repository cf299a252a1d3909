import type { Config, SourceConfig } from '../../config/config.ts';
import { EXIT } from '../../model/error-codes.ts';
import type { SourceTable } from '../../model/source.ts';
import { CONFIG_FLAGS, type Command, type Context, JSON_FLAG } from '../command.ts';
import type { Io } from '../io.ts';
import { identityProblem, keyOf } from '../table-keys.ts';

/** One table for `--json`. Fields are only ever added. */
interface Discovered {
  readonly table: string;
  readonly kind: SourceTable['kind'];
  readonly estimatedRows: number | null;
  readonly bytes: number;
  /** Columns by which rows are found again; empty without a key. */
  readonly key: readonly string[];
  readonly replicaIdentity: string;
  /** Why UPDATE and DELETE would fail once the table is published; null when they work. */
  readonly identityProblem: string | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly notNull: boolean }[];
  readonly typeProblems: readonly string[];
}

function discovered(
  { relation, kind, estimatedRows, bytes }: SourceTable,
  typeProblems: readonly string[],
): Discovered {
  return {
    table: `${relation.schema}.${relation.name}`,
    kind,
    estimatedRows,
    bytes,
    key: keyOf(relation),
    replicaIdentity: relation.replicaIdentity,
    identityProblem: identityProblem(relation),
    columns: relation.columns.map(({ name, type, notNull }) => ({ name, type: type.display, notNull })),
    typeProblems,
  };
}

/** Notes of the type mapping by table; without a reachable destination there are none, and it is said. */
async function typeProblems(
  config: SourceConfig,
  tables: readonly SourceTable[],
  io: Io,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!config.destination) return new Map();
  const { asPg2anyError } = await import('../../model/error.ts');
  const { openDestination, tableTransform } = await import('../../replicate.ts');
  const { mappingFindings } = await import('../inspect.ts');
  const transform = tableTransform({ ...config, tables: null });
  const relations = tables.flatMap((table) => transform(table.relation) ?? []);
  const destination = await openDestination(config as Config).catch(asPg2anyError);
  const refused =
    destination instanceof Error ? destination : await destination.connect().then(() => null, asPg2anyError);
  if (refused) io.err(`${io.style.err.symbols.warn} types are judged without the destination: ${refused.message}`);
  if (destination instanceof Error) return new Map();
  const notes = new Map<string, string[]>();
  for (const { table = '', message } of mappingFindings(destination, relations)) {
    notes.set(table, [...(notes.get(table) ?? []), message.replace(`${table}.`, '')]);
  }
  await destination.close();
  return notes;
}

async function print(tables: readonly Discovered[], io: Io): Promise<void> {
  const { table } = await import('../table.ts');
  const { about, bytes, plural } = await import('../../tui/format.ts');
  const { wrap } = await import('../help.ts');
  const style = io.style.out;
  const identity = (one: Discovered) =>
    one.identityProblem === null
      ? one.key.join(', ') || style.dim('whole row')
      : style.warn(`${style.symbols.warn} ${one.identityProblem}`);
  const rows = tables.map((one) => [
    one.kind === 'partitioned' ? `${one.table} ${style.dim('(partitioned)')}` : one.table,
    one.estimatedRows === null ? '?' : about(one.estimatedRows),
    bytes(one.bytes),
    identity(one),
    one.replicaIdentity,
  ]);
  if (rows.length > 0)
    io.out(table(['table', 'rows', 'size', 'key', 'identity'], rows, io, ['left', 'right', 'right']));
  for (const one of tables.filter((two) => two.typeProblems.length > 0)) {
    io.out(`\n${style.warn(style.symbols.warn)} ${one.table}`);
    for (const problem of one.typeProblems)
      io.out(
        wrap(problem, io.width - 4)
          .map((line) => `    ${line}`)
          .join('\n'),
      );
  }
  const total = tables.reduce((sum, one) => sum + one.bytes, 0);
  io.out(`\n${plural(tables.length, 'table')}, ${bytes(total)}`);
}

async function run(context: Context): Promise<number> {
  const { openConfig } = await import('../open.ts');
  const { config } = openConfig(context, 'source');
  const { Catalog } = await import('../../source/catalog.ts');
  const { connectSource } = await import('../../source/connection.ts');
  const { queryOn } = await import('../../source/query.ts');
  const client = await connectSource(config.source);
  const all = await new Catalog(queryOn(client)).userTables().finally(() => client.end());
  const wanted = all.filter(({ relation }) => config.tables?.includes(`${relation.schema}.${relation.name}`) ?? true);
  const problems = await typeProblems(config, wanted, context.io);
  const tables = wanted.map((one) =>
    discovered(one, problems.get(`${one.relation.schema}.${one.relation.name}`) ?? []),
  );
  if (context.flags.json) context.io.out(JSON.stringify({ tables }));
  else await print(tables, context.io);
  return EXIT.ok;
}

export const discover: Command = {
  name: 'discover',
  about: [
    "Lists what could be replicated. Rows are the planner's estimate; sizes include indexes and large values. A destination need not be configured; with one, columns that deserve a look are named.",
  ],
  usage: 'pg2any discover --env [FILE] | --config FILE  [--json]',
  flags: [...CONFIG_FLAGS, JSON_FLAG],
  examples: [
    { run: 'pg2any discover --env', doc: 'tables of the source' },
    { run: "pg2any discover --env --json | jq -r '.tables[].table'", doc: 'only their names' },
  ],
  run,
};
