import type { Config } from '../config/config.ts';
import { suggestion } from '../config/nearest.ts';
import { Pg2anyError } from '../model/error.ts';
import { relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';
import { openDestination, tableTransform } from '../replicate.ts';
import { PostgresSource } from '../source/postgres.ts';
import { VerifySource } from '../source/verify-source.ts';
import type { Progress } from '../verify/ports.ts';
import type { TableResult, VerifyResult } from '../verify/result.ts';
import { verify } from '../verify/verify.ts';

export interface CompareOptions {
  /** `schema.table` names; none for every replicated table. */
  readonly tables: readonly string[];
  readonly signal: AbortSignal;
  /** Called with the names of the tables before the first is read. */
  readonly onStart: (tables: readonly string[]) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onTable: (table: TableResult) => void;
}

/** The replicated tables, or those of them that were named; without a schema a name means `public`. */
function chosen(all: readonly SourceTable[], names: readonly string[], config: Config): readonly SourceTable[] {
  const nameOf = (table: SourceTable): string => relationName(table.relation);
  const known = all.map(nameOf);
  if (known.length === 0)
    throw new Pg2anyError(
      'CONFIG_INVALID',
      `publication ${config.publication} does not exist or is empty, so nothing was replicated`,
      { hint: 'Run pg2any replicate first.' },
    );
  const wanted = names.map((name) => (name.includes('.') ? name : `public.${name}`));
  const strange = wanted.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new Pg2anyError(
      'CONFIG_INVALID',
      `${strange} is not one of the replicated tables${suggestion(strange, known)}`,
      { hint: `They are ${known.join(', ')}.` },
    );
  return wanted.length === 0 ? all : all.filter((table) => wanted.includes(nameOf(table)));
}

/** Compares both sides of a configured pipeline. */
export async function compare(config: Config, options: CompareOptions): Promise<VerifyResult> {
  const source = await PostgresSource.open(config.source, config);
  const transform = tableTransform(config);
  const all = await source
    .tables()
    .then((tables) =>
      tables.flatMap((table) =>
        transform(table.relation) ? [{ ...table, relation: transform(table.relation) ?? table.relation }] : [],
      ),
    )
    .finally(() => source.close());
  const tables = chosen(all, options.tables, config);
  const reading = await VerifySource.open(config.source, tables);
  const destination = await openDestination(config);
  try {
    await destination.connect();
    const identity = { slot: config.slot, systemId: source.identity.systemId };
    const flushed = async () => (await destination.peek(identity))?.flushed ?? null;
    const relations = tables.map((table) => table.relation);
    const there = { reader: (relation: (typeof relations)[number]) => destination.reader(relation), flushed };
    const { signal, onStart, onProgress, onTable } = options;
    onStart(relations.map(relationName));
    // what it remembers of the tables says how their columns are called there
    await flushed();
    await destination.look?.(relations);
    return await verify(reading, there, relations, { signal, onProgress }, onTable);
  } finally {
    await destination.close();
    await reading.close();
  }
}
