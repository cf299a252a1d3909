import type pg from 'pg';
import { Pg2anyError } from '../model/error.ts';
import type { Lsn } from '../model/lsn.ts';
import type { Relation } from '../model/relation.ts';
import type {
  RememberedTables,
  Retained,
  SlotState,
  Snapshot,
  Source,
  SourceIdentity,
  SourceOptions,
  SourceTable,
  Stream,
  StreamOptions,
  Timeline,
} from '../model/source.ts';
import { Catalog } from './catalog.ts';
import { connectReplication, connectSource, settledTls } from './connection.ts';
import { cutOff, hangUp } from './hang-up.ts';
import { refuseHarm } from './harm.ts';
import { hasValues } from './has-values.ts';
import { readPosition } from './position.ts';
import { ensurePublication, publicationExists } from './publication.ts';
import { queryOn } from './query.ts';
import { findRow } from './reader.ts';
import { checkStart, createSlot, createSlotSql, readSlot, retainedOf, usableSlot } from './slot.ts';
import { ExportedSnapshot } from './snapshot.ts';
import { loadSql } from './sql.ts';
import { SlotStream } from './stream.ts';
import { assertOn, readTimeline } from './timeline.ts';
import { Transport } from './transport.ts';
import type { Query } from './types.ts';
import { widestNumbers } from './widest.ts';

/** Connections that read tables at once during the initial copy. */
const READERS = 2;

/** First key of the advisory lock that guards a slot between check and start: "pg2a" in ASCII. */
const LOCK_CLASS = 0x70673261;

/** For a query that reads a whole table. */
const WHOLE_TABLE_MS = 24 * 3_600_000;

/** PostgreSQL over a control connection for catalog and checks; copy and stream open their own. */
export class PostgresSource implements Source {
  readonly identity: SourceIdentity;
  readonly catalog: Catalog;
  private readonly client: pg.Client;
  private readonly query: Query;
  private readonly options: SourceOptions;
  private readonly settings: StreamOptions;
  /** As it was last told. */
  private told: Timeline | null = null;

  private constructor(client: pg.Client, identity: SourceIdentity, options: SourceOptions, settings: StreamOptions) {
    this.client = client;
    this.identity = identity;
    this.options = options;
    this.settings = settings;
    this.query = queryOn(client);
    this.catalog = new Catalog(this.query);
  }

  static async open(options: SourceOptions, settings: StreamOptions): Promise<PostgresSource> {
    const client = await connectSource(options);
    try {
      return new PostgresSource(client, await identify(client), settledTls(options, client), settings);
    } catch (error) {
      await hangUp(client);
      throw error;
    }
  }

  async ensurePublication(): Promise<boolean> {
    const { publication, tables } = this.settings;
    if (await publicationExists(this.query, publication)) return false;
    refuseHarm(await this.catalog.userTables(), tables);
    return await ensurePublication(this.query, publication, tables);
  }

  async tables(): Promise<readonly SourceTable[]> {
    return await this.catalog.published(this.settings.publication, this.identity.version);
  }

  async missingValues(oid: number): Promise<ReadonlyMap<number, string>> {
    return await this.catalog.missingValues(oid);
  }

  async hasValues(oid: number, attnum: number): Promise<boolean> {
    const client = await connectSource(this.options);
    try {
      return await hasValues(client, oid, attnum);
    } finally {
      await hangUp(client);
    }
  }

  async widest(relation: Relation, columns: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const client = await connectSource(this.options);
    try {
      return await widestNumbers(queryOn(client, 'look for the widest numbers', WHOLE_TABLE_MS), relation, columns);
    } finally {
      await hangUp(client);
    }
  }

  async timeline(): Promise<Timeline> {
    const client = await connectReplication(this.options, this.identity.version);
    try {
      this.told = await readTimeline(queryOn(client, 'read the timeline of the source'));
      return this.told;
    } finally {
      await hangUp(client);
    }
  }

  async slot(): Promise<SlotState | null> {
    const facts = await readSlot(this.query, this.settings.slot, this.identity.version);
    return facts && usableSlot(facts, this.settings.slot, this.options.database);
  }

  async createSlot(): Promise<Snapshot> {
    return await this.exportSnapshot(this.settings.slot, { temporary: false, failover: this.settings.failover });
  }

  async snapshot(): Promise<Snapshot> {
    const name = `${this.settings.slot.slice(0, 40)}_copy_${process.pid}`;
    return await this.exportSnapshot(name, { temporary: true, failover: false });
  }

  async lock(): Promise<boolean> {
    const sql = 'SELECT pg_catalog.pg_try_advisory_lock($1::int4, pg_catalog.hashtext($2)) AS locked';
    return (await this.query(sql, [LOCK_CLASS, this.settings.slot]))[0]?.locked === 't';
  }

  async unlock(): Promise<void> {
    await this.query('SELECT pg_catalog.pg_advisory_unlock_all()');
  }

  async check(from: Lsn): Promise<void> {
    checkStart(this.settings.slot, await this.slot(), from, await this.position());
    if (await publicationExists(this.query, this.settings.publication)) return;
    throw new Pg2anyError('PUBLICATION_MISSING', `publication ${this.settings.publication} does not exist`);
  }

  async stream(from: Lsn, remembered: RememberedTables = new Map()): Promise<Stream> {
    // Before the stream opens: a failure must not leave it behind, holding the slot.
    const filters = new Map((await this.tables()).map((table) => [table.relation.oid, table] as const));
    const admit = (query: Query) => this.assertUnmoved(query);
    const transport = await Transport.start(this.options, this.settings, this.identity.version, from, admit);
    transport.onUnreachable = () => cutOff(this.client);
    return new SlotStream(
      transport,
      {
        describe: (message, before) => this.catalog.describe(message, before),
        remembered: (oid) => remembered.get(oid) ?? null,
        refetch: async (relation, key) => {
          const table = filters.get(relation.oid);
          return await findRow(this.client, { relation, kind: table?.kind ?? 'table', rowFilter: null }, key);
        },
      },
      from,
    );
  }

  async position(): Promise<Lsn> {
    return await readPosition(this.query);
  }

  async retained(): Promise<Retained> {
    const row = (await this.query(loadSql('retained'), [this.settings.slot]))[0];
    return retainedOf(row ?? {});
  }

  async close(): Promise<void> {
    await hangUp(this.client);
  }

  private async exportSnapshot(name: string, kind: { temporary: boolean; failover: boolean }): Promise<Snapshot> {
    const creator = await connectReplication(this.options, this.identity.version);
    try {
      await this.assertUnmoved(queryOn(creator, 'look at the timeline of the source'));
      const slot = await createSlot(
        creator,
        this.query,
        createSlotSql(name, this.identity.version, kind),
        this.settings,
      );
      return await ExportedSnapshot.import(creator, slot, () => connectSource(this.options), READERS);
    } catch (error) {
      // Closing the connection also ends a creation that still waits, and drops a temporary slot.
      cutOff(creator);
      throw error;
    }
  }

  private async assertUnmoved(query: Query): Promise<void> {
    if (this.told) await assertOn(query, this.identity, this.told);
  }
}

async function identify(client: pg.Client): Promise<SourceIdentity> {
  const query = queryOn(client, 'identify the source');
  const sql = `SELECT s.system_identifier::text AS system_id, current_setting('server_version_num') AS version,
    current_setting('server_version') AS product FROM pg_catalog.pg_control_system() s`;
  const row = (await query(sql))[0];
  const version = Number(row?.version);
  if (version < 130000)
    throw new Pg2anyError('SOURCE_UNSUITABLE', `PostgreSQL ${row?.product} is too old: 13 or later is needed`);
  const product = `PostgreSQL ${row?.product?.split(' ')[0]}`;
  return { systemId: row?.system_id ?? '', version, product };
}
