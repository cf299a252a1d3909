import type { SourceConfig } from '../config/config.ts';
import { spellTable } from '../config/table-names.ts';
import { asPg2anyError } from '../model/error.ts';
import type { SourceTable } from '../model/source.ts';
import { Catalog } from '../source/catalog.ts';
import { connectSource } from '../source/connection.ts';
import { publicationExists, publicationSql } from '../source/publication.ts';
import { queryOn } from '../source/query.ts';
import { createSlotSql, readSlot, usableSlot } from '../source/slot.ts';
import type { Query } from '../source/types.ts';
import type { Names, Reached, SlotInfo, TableInfo } from '../tui/wizard/ports.ts';
import { identityProblem, keyOf } from './table-keys.ts';

/** Asks the source on a connection of its own; `doing` completes the error `cannot …`. */
export async function atSource<T>(
  { source }: Pick<SourceConfig, 'source'>,
  ask: (query: Query) => Promise<T>,
  doing?: string,
): Promise<T> {
  const client = await connectSource(source);
  return await ask(queryOn(client, doing)).finally(() => client.end());
}

const setting = async (query: Query, name: string): Promise<string> =>
  (await query('SELECT current_setting($1) AS value', [name]))[0]?.value ?? '';

/** Version, and how long one question and its answer take. */
export const reachSource = (config: SourceConfig): Promise<Reached> =>
  atSource(config, async (query) => {
    const version = await setting(query, 'server_version');
    const asked = performance.now();
    await query('SELECT 1 AS one');
    return { product: `PostgreSQL ${version.split(' ')[0]}`, roundTripMs: performance.now() - asked };
  });

const infoOf = ({ relation, estimatedRows, bytes }: SourceTable): TableInfo => ({
  name: spellTable(relation),
  estimatedRows,
  bytes,
  key: keyOf(relation),
  problem: identityProblem(relation),
});

export const readTables = (config: SourceConfig): Promise<readonly TableInfo[]> =>
  atSource(config, async (query) => (await new Catalog(query).userTables()).map(infoOf));

const PUBLICATIONS = `SELECT p.pubname AS name, p.puballtables AS everything, count(r.prrelid) AS tables
  FROM pg_catalog.pg_publication p LEFT JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid GROUP BY p.oid`;

async function slotInfo(query: Query, name: string, database: string, version: number): Promise<SlotInfo> {
  const facts = await readSlot(query, name, version);
  try {
    if (facts) usableSlot(facts, name, database);
    return { active: facts?.active ?? false, problem: null };
  } catch (error) {
    return { active: false, problem: asPg2anyError(error).message.replace(`replication slot ${name} `, 'it ') };
  }
}

/** Publications and slots that are there, so that a name is neither taken by accident nor by another pipeline. */
export const readNames = (config: SourceConfig): Promise<Names> =>
  atSource(config, async (query) => {
    const version = Number(await setting(query, 'server_version_num'));
    const publications = new Map<string, number | null>();
    for (const { name, everything, tables } of await query(PUBLICATIONS))
      publications.set(name ?? '', everything === 't' ? null : Number(tables));
    const slots = new Map<string, SlotInfo>();
    for (const { name } of await query('SELECT slot_name AS name FROM pg_catalog.pg_replication_slots'))
      slots.set(name ?? '', await slotInfo(query, name ?? '', config.source.database, version));
    return { publications, slots };
  });

/** Statements that the start will run at the source. */
export const sourceStatements = (config: SourceConfig): Promise<readonly string[]> =>
  atSource(config, async (query) => {
    const version = Number(await setting(query, 'server_version_num'));
    const there = await publicationExists(query, config.publication);
    const slot = await readSlot(query, config.slot, version);
    const kind = { temporary: false, failover: config.failover };
    return [
      ...(there ? [] : await publicationSql(query, config.publication, config.tables)),
      ...(slot ? [] : [createSlotSql(config.slot, version, kind)]),
    ].map((sql) => `${sql};`);
  });

/** Runs what the user has confirmed, one statement after the other: some do not run inside of a transaction. */
export const runAtSource = (config: SourceConfig, statements: readonly string[]): Promise<null> =>
  atSource(
    config,
    async (query) => {
      for (const sql of statements) await query(sql);
      return null;
    },
    'run the fix',
  );
