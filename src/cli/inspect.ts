import type { Config, SourceConfig } from '../config/config.ts';
import type { Checkpoint } from '../model/checkpoint.ts';
import type { ColumnDefaults, ColumnMapping, Destination, TableToPlan } from '../model/destination.ts';
import { asPg2anyError, type Pg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import type { Lsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';
import type { Known } from '../preflight/gather.ts';
import { inspectSource } from '../preflight/preflight.ts';
import { chosenTables, openDestination } from '../replicate.ts';
import { APPLICATION_NAME, connectReplication, connectSource } from '../source/connection.ts';
import { PostgresSource } from '../source/postgres.ts';
import { queryOn } from '../source/query.ts';
import { loadSql } from '../source/sql.ts';

/** One side of a check: what it is and what was found, or why it could not be reached. */
export interface Side {
  readonly product: string;
  readonly findings: readonly Finding[];
  readonly error: Pg2anyError | null;
}

type Settled<T> = { readonly value: T; readonly error: null } | { readonly value: null; readonly error: Pg2anyError };

const settle = <T>(work: Promise<T>): Promise<Settled<T>> =>
  work.then(
    (value) => ({ value, error: null }),
    (error: unknown) => ({ value: null, error: asPg2anyError(error) }),
  );

function unreachable(product: string, error: Pg2anyError): Side {
  const fix = { side: 'config', sql: [], text: error.hint } as const;
  return { product, error, findings: [{ check: 'connection', severity: 'block', message: error.message, fix }] };
}

/** Looks at both sides, also when one cannot be reached. Changes nothing. */
export async function inspectBoth(config: Config): Promise<{ readonly source: Side; readonly destination: Side }> {
  const planned = await settle(readPlan(config));
  const there = await settle(inspectDestination(config, planned.value));
  if (planned.error) return { source: unreachable('PostgreSQL', planned.error), destination: sideOf(config, there) };
  const known = there.value ? { checkpoint: there.value.checkpoint, renamed: there.value.renamed } : {};
  const here = await settle(inspectSourceOf(config, known));
  const source = here.error ? unreachable('PostgreSQL', here.error) : here.value;
  return { source, destination: sideOf(config, there) };
}

const sideOf = (config: Config, there: Settled<DestinationReport>): Side =>
  there.error ? unreachable(config.destination.label, there.error) : there.value;

/** Every finding about the source. */
export async function inspectSourceOf(config: SourceConfig, known: Known = {}): Promise<Side> {
  const client = await connectSource(config.source);
  try {
    const query = queryOn(client);
    const sql = "SELECT current_setting('server_version_num') AS version, current_setting('server_version') AS product";
    const [row] = await query(sql);
    const refused = await settle(knock(config, Number(row?.version)));
    const plan = { ...config, applicationName: APPLICATION_NAME };
    const replicationRefused = refused.error?.message ?? null;
    const findings = await inspectSource(plan, { query, sql: loadSql }, { ...known, replicationRefused });
    return { product: `PostgreSQL ${row?.product?.split(' ')[0]}`, findings, error: null };
  } finally {
    await client.end();
  }
}

/** Whether the server lets us in for replication. */
async function knock(config: SourceConfig, version: number): Promise<void> {
  const client = await connectReplication(config.source, version);
  await client.end();
}

export interface Planned {
  /** Everything that is published, or everything there is as long as nothing is. */
  readonly tables: readonly SourceTable[];
  readonly systemId: string;
  /** What existing rows show in columns that were added with a default; by OID. */
  readonly defaults: ReadonlyMap<number, ColumnDefaults>;
}

/** The tables that may be replicated. */
export async function readPlan(config: SourceConfig): Promise<Planned> {
  const source = await PostgresSource.open(config.source, config);
  try {
    const published = await source.tables();
    const tables = published.length > 0 ? published : await source.catalog.userTables();
    const defaults = new Map<number, ColumnDefaults>();
    for (const { relation } of tables) defaults.set(relation.oid, await source.missingValues(relation.oid));
    return { tables, systemId: source.identity.systemId, defaults };
  } finally {
    await source.close();
  }
}

/** The tables that will be replicated, as the destination will see them. */
export const tablesToPlan = (config: SourceConfig, planned: Planned, checkpoint: Checkpoint | null): TableToPlan[] =>
  chosenTables(config, planned.tables, checkpoint).map(({ relation }) => ({
    relation,
    defaults: planned.defaults.get(relation.oid) ?? new Map(),
  }));

interface DestinationReport extends Side {
  readonly checkpoint: Lsn | null;
  readonly renamed: ReadonlyMap<string, string>;
}

async function inspectDestination(config: Config, planned: Planned | null): Promise<DestinationReport> {
  const destination = await openDestination(config);
  try {
    const { product, version, road } = await destination.connect();
    const checkpoint = planned ? await destination.peek({ slot: config.slot, systemId: planned.systemId }) : null;
    const tables = planned ? tablesToPlan(config, planned, checkpoint) : [];
    const mapping = mappingFindings(
      destination,
      tables.map(({ relation }) => relation),
    );
    const said = new Set(mapping.map(({ message }) => message));
    const inspected = await destination.inspect(tables, checkpoint);
    const findings = [...inspected.filter(({ message }) => !said.has(message)), ...mapping];
    return {
      product: `${product} ${version}, rows by ${road}`,
      findings,
      error: null,
      checkpoint: checkpoint?.flushed ?? null,
      renamed: renamedTables(tables, checkpoint),
    };
  } finally {
    await destination.close();
  }
}

/** Tables that are replicated under another name than they had when they were chosen. */
function renamedTables(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): ReadonlyMap<string, string> {
  const origins = new Map(checkpoint?.tables.map(({ oid, shape }) => [oid, shape?.origin]));
  return new Map(
    tables.flatMap(({ relation }) => {
      const origin = origins.get(relation.oid);
      return origin && relationName(origin) !== relationName(relation)
        ? [[relationName(origin), relationName(relation)] as const]
        : [];
    }),
  );
}

/** Columns that deserve a look, and tables that cannot be held. */
export function mappingFindings(destination: Pick<Destination, 'mapping'>, relations: readonly Relation[]): Finding[] {
  return relations.flatMap((relation): Finding[] => {
    const table = relationName(relation);
    try {
      return destination.mapping(relation).flatMap((mapping) => columnFindings(table, mapping));
    } catch (error) {
      const failure = asPg2anyError(error);
      const fix = { side: 'config', sql: [], text: failure.hint } as const;
      return [{ check: 'mapping', severity: 'block', table, message: failure.message, fix }];
    }
  });
}

function columnFindings(
  table: string,
  { column, sourceType, destinationType, note, lossy }: ColumnMapping,
): readonly Finding[] {
  const what = `${table}.${column} (${sourceType} as ${destinationType})`;
  const warn = (check: string, message: string): Finding => ({ check, severity: 'warn', table, message });
  return [
    ...(note === null ? [] : [warn('mapping', `${what}: ${note}`)]),
    ...(lossy === null ? [] : [warn('lossy_mapping', `${what} loses values: ${lossy}`)]),
  ];
}
