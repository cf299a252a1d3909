import type { Config, SourceConfig } from '../config/config.ts';
import type { ColumnDefaults, ColumnMapping, Destination } from '../model/destination.ts';
import { asPg2anyError, type Pg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import type { Lsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Known } from '../preflight/gather.ts';
import { inspectSource } from '../preflight/preflight.ts';
import { openDestination, tableTransform } from '../replicate.ts';
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
  const known = there.value ? { checkpoint: there.value.checkpoint } : {};
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

interface Planned {
  readonly relations: readonly Relation[];
  readonly systemId: string;
  /** What existing rows show in columns that were added with a default; by OID. */
  readonly defaults: ReadonlyMap<number, ColumnDefaults>;
}

/** The tables that will be replicated, as the destination will see them. */
export async function readPlan(config: SourceConfig): Promise<Planned> {
  const source = await PostgresSource.open(config.source, config);
  try {
    const published = await source.tables();
    const tables = published.length > 0 ? published : await source.catalog.userTables();
    const transform = tableTransform(config);
    const relations = tables.flatMap((table) => transform(table.relation) ?? []);
    const defaults = new Map<number, ColumnDefaults>();
    for (const { oid } of relations) defaults.set(oid, await source.missingValues(oid));
    return { relations, systemId: source.identity.systemId, defaults };
  } finally {
    await source.close();
  }
}

interface DestinationReport extends Side {
  readonly checkpoint: Lsn | null;
}

async function inspectDestination(config: Config, planned: Planned | null): Promise<DestinationReport> {
  const destination = await openDestination(config);
  try {
    const { product, version, road } = await destination.connect();
    const relations = planned?.relations ?? [];
    const checkpoint = planned ? await destination.peek({ slot: config.slot, systemId: planned.systemId }) : null;
    const findings = [...(await destination.inspect(relations)), ...mappingFindings(destination, relations)];
    return {
      product: `${product} ${version}, rows by ${road}`,
      findings,
      error: null,
      checkpoint: checkpoint?.flushed ?? null,
    };
  } finally {
    await destination.close();
  }
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
