import type { Batch } from '../model/batch.ts';
import type { Checkpoint, StreamIdentity, TableState } from '../model/checkpoint.ts';
import type {
  ColumnDefaults,
  ColumnMapping,
  Destination,
  DestinationOptions,
  Prepared,
  ServerInfo,
  TableCopy,
  TableReader,
} from '../model/destination.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import type { Lsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Engine, Session, Target } from './contract.ts';
import { exclusive } from './exclusive.ts';
import { inspectTables } from './inspect.ts';
import { Ledger } from './ledger.ts';
import { plan } from './plan.ts';
import { prepareTable } from './prepare.ts';
import { SqlTableCopy } from './table-copy.ts';
import { SqlTableReader } from './table-reader.ts';

/** A destination that speaks SQL: everything but names, types and I/O, which its engine gives. */
export class SqlDestination implements Destination {
  private readonly engine: Engine;
  private readonly options: Pick<DestinationOptions, 'autoCreateTables'>;
  private readonly ledger: Ledger;
  private readonly targets = new Map<Relation, Target>();
  /** Source tables (`schema.table`) whose destination table was created or adopted before. */
  private readonly known = new Set<string>();
  /** Source tables (OID) that were prepared in this session. */
  private readonly followed = new Set<number>();
  private readonly oneAtATime = exclusive();
  private session: Session | null = null;
  /** The destination transaction that a piece left open. */
  private open = false;

  constructor(engine: Engine, options: Pick<DestinationOptions, 'autoCreateTables'>) {
    this.engine = engine;
    this.options = options;
    this.ledger = new Ledger(engine);
  }

  async connect(): Promise<ServerInfo> {
    return await this.engine.connect();
  }

  async claim(stream: StreamIdentity): Promise<Checkpoint | null> {
    const checkpoint = await this.ledger.claim(await this.main(), stream);
    for (const table of checkpoint?.tables ?? []) this.known.add(relationName(table));
    return checkpoint;
  }

  async begin(flushed: Lsn): Promise<void> {
    await this.ledger.begin(await this.main(), flushed);
  }

  async peek(stream: StreamIdentity): Promise<Checkpoint | null> {
    return await this.ledger.peek(await this.main(), stream);
  }

  async prepare(relation: Relation, defaults: ColumnDefaults = new Map()): Promise<Prepared> {
    const name = relationName(relation);
    let abandoned = false;
    const { target, ...prepared } = await prepareTable(this.engine, await this.main(), relation, {
      autoCreateTables: this.options.autoCreateTables,
      known: this.known.has(name),
      followed: this.followed.has(relation.oid),
      defaults,
      // DDL may commit by itself: with pieces of a transaction open it would show a part of it.
      beforeDdl: async () => {
        abandoned = this.open;
        if (abandoned) await this.abandon();
      },
    });
    this.targets.set(relation, target);
    this.known.add(name);
    this.followed.add(relation.oid);
    if (!abandoned) return prepared;
    const message = `${name} changed within a transaction, which is read again now that its table has the new columns`;
    throw new Pg2anyError('STREAM_RESTART', message);
  }

  mapping(relation: Relation): readonly ColumnMapping[] {
    return this.engine.dialect.codecs(relation).map((codec, index) => ({
      column: relation.columns[index]?.name ?? '',
      sourceType: relation.columns[index]?.type.display ?? '',
      destinationType: codec.ddl,
      note: codec.note,
    }));
  }

  async inspect(relations: readonly Relation[]): Promise<readonly Finding[]> {
    const session = await this.main();
    const tables = await inspectTables(this.engine, session, relations, this.options.autoCreateTables);
    return [...(await this.engine.inspect(session, relations)), ...tables];
  }

  async copy(relation: Relation, state: TableState): Promise<TableCopy> {
    const target = this.target(relation);
    if (this.engine.singleWriter) {
      const session = await this.main();
      return await SqlTableCopy.start(session, this.ledger, target, state, this.oneAtATime, async () => undefined);
    }
    const session = await this.engine.open(this.ledger.token);
    return await SqlTableCopy.start(session, this.ledger, target, state, exclusive(), () => session.close());
  }

  async apply(batch: Batch): Promise<void> {
    const session = await this.main();
    try {
      if (!this.open) await session.begin();
      this.open = true;
      for (const step of plan(batch.changes, (relation) => this.target(relation))) await session.write(step);
      if (batch.end === null) return;
      await this.ledger.advance(session, batch.end);
      await session.commit();
      this.open = false;
    } catch (error) {
      await this.abandon();
      throw asPg2anyError(error);
    }
  }

  async reconnect(): Promise<Lsn> {
    await this.drop();
    return await this.ledger.recover(await this.main());
  }

  reader(relation: Relation): TableReader {
    return new SqlTableReader(this.engine, relation, () => this.main());
  }

  async forget(stream: StreamIdentity): Promise<void> {
    await this.ledger.forget(await this.main(), stream);
  }

  async close(): Promise<void> {
    await this.drop();
    await this.engine.close();
  }

  private async main(): Promise<Session> {
    this.session ??= await this.engine.open(this.ledger.token);
    return this.session;
  }

  private target(relation: Relation): Target {
    const target = this.targets.get(relation);
    if (!target) throw new Pg2anyError('INTERNAL', `${relationName(relation)} is written before it was prepared`);
    return target;
  }

  private async abandon(): Promise<void> {
    this.open = false;
    await this.session?.rollback().catch(() => undefined);
  }

  private async drop(): Promise<void> {
    const { session } = this;
    this.session = null;
    this.open = false;
    await session?.close();
  }
}
