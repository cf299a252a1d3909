import type { Config } from '../config/config.ts';
import { suggestion } from '../config/nearest.ts';
import type { Destination } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Lsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';
import { chosenTables, openOne } from '../replicate.ts';
import { PostgresSource } from '../source/postgres.ts';
import { VerifySource } from '../source/verify-source.ts';
import type { Progress } from '../verify/ports.ts';
import type { TableResult, VerifyResult } from '../verify/result.ts';
import { verify } from '../verify/verify.ts';

export interface CompareOptions {
  /** `schema.table` names; none for every replicated table. */
  readonly tables: readonly string[];
  readonly signal: AbortSignal;
  /** Called with the tables before the first is read. */
  readonly onStart: (tables: readonly SourceTable[]) => void;
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

/** Events are not rows: what they add up to depends on what the topics still hold. */
function assertComparable({ destination }: Config): void {
  if (!destination.kafka) return;
  throw new Pg2anyError('CONFIG_INVALID', 'verify compares tables, and Kafka alone holds events, not tables', {
    hint: 'Compare the table that your consumer makes of them (docs/kafka.md: Checking what arrived); or make a database the destination and Kafka the mirror beside it (CDC_KAFKA_URL): then verify compares the database.',
  });
}

/** Compares both sides of a configured pipeline; a mirror is not looked at. */
export async function compare(config: Config, options: CompareOptions): Promise<VerifyResult> {
  assertComparable(config);
  const source = await PostgresSource.open(config.source, config);
  const published = await source.tables().finally(() => source.close());
  const destination = await openOne(config.destination);
  try {
    await destination.connect();
    const identity = { slot: config.slot, systemId: source.identity.systemId };
    // it also says how tables and columns are called there
    const checkpoint = await destination.peek(identity);
    const flushed = async () => (await destination.peek(identity))?.flushed ?? null;
    const tables = chosen(chosenTables(config, published, checkpoint), options.tables, config);
    return await compareTables(config, destination, tables, flushed, options);
  } finally {
    await destination.close();
  }
}

async function compareTables(
  config: Config,
  destination: Destination,
  tables: readonly SourceTable[],
  flushed: () => Promise<Lsn | null>,
  { signal, onStart, onProgress, onTable }: CompareOptions,
): Promise<VerifyResult> {
  const relations = tables.map((table) => table.relation);
  const reading = await VerifySource.open(config.source, tables);
  try {
    onStart(tables);
    await destination.look?.(relations);
    const there = { reader: (relation: Relation) => destination.reader(relation), flushed };
    return await verify(reading, there, relations, { signal, onProgress }, onTable);
  } finally {
    await reading.close();
  }
}
