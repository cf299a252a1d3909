import type { Batch } from '../model/batch.ts';
import type { Changes } from '../model/change.ts';
import type { Checkpoint, SoughtStream, StreamIdentity, TableState } from '../model/checkpoint.ts';
import type {
  Alteration,
  ColumnDefaults,
  ColumnMapping,
  Destination,
  DestinationOptions,
  LostValues,
  Prepared,
  ServerInfo,
  Settled,
  TableCopy,
  TablePlan,
  TableReader,
  TableToPlan,
  WidestValues,
} from '../model/destination.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import type { Finding } from '../model/finding.ts';
import type { Lsn } from '../model/lsn.ts';
import { mayReplace } from '../model/mapping.ts';
import { type Relation, relationName } from '../model/relation.ts';
import { DEFAULT_SCHEMA_RULES, type SchemaRules } from '../model/schema-rules.ts';
import { unsentValues } from '../model/unsent.ts';
import { Adjuster, adjustChanges, type Lost } from './changes/adjust.ts';
import { plan } from './changes/plan.ts';
import { type Projection, project, projectedCopy } from './changes/projection.ts';
import type { Engine, Session, Target } from './contract.ts';
import { exclusive } from './exclusive.ts';
import { Ledger } from './ledger/ledger.ts';
import { forgetLost, LostLedger } from './ledger/lost-values.ts';
import { openLanes, SqlTableCopy } from './table-copy.ts';
import { SqlTableReader } from './table-reader.ts';
import { FollowedRules } from './tables/followed-rules.ts';
import { Follower, occupied } from './tables/follower.ts';
import { Outlook } from './tables/outlook.ts';
import { prepareTable } from './tables/prepare.ts';
import { usesWidths, Widths } from './tables/widths.ts';

type Options = Pick<DestinationOptions, 'autoCreateTables' | 'rules' | 'schema'>;

/** A destination that speaks SQL: everything but names, types and I/O, which its engine gives. */
export class SqlDestination implements Destination {
  private readonly engine: Engine;
  private readonly options: Options;
  private readonly rules: FollowedRules;
  private readonly schema: SchemaRules;
  private readonly ledger: Ledger;
  /** Null where no policy replaces values. */
  private readonly lost: LostLedger | null;
  /** Null where no type depends on the values there are. */
  private readonly widths: Widths | null;
  /** Of tables in which values may be replaced. */
  private readonly adjusters = new Map<Relation, Adjuster>();
  /** Of tables with columns that are not written. */
  private readonly projections = new Map<Relation, Projection>();
  private readonly targets = new Map<Relation, Target>();
  /** Source tables (`schema.table`) whose destination table was created or adopted before. */
  private readonly known = new Set<string>();
  private readonly follower: Follower;
  private readonly outlook: Outlook;
  private readonly oneAtATime = exclusive();
  private session: Session | null = null;
  /** The destination transaction that a piece left open. */
  private open = false;

  constructor(engine: Engine, options: Options) {
    this.options = options;
    this.rules = FollowedRules.of(options.rules);
    this.schema = options.schema ?? DEFAULT_SCHEMA_RULES;
    this.widths = usesWidths(this.rules) ? new Widths(engine) : null;
    this.engine = this.widths?.applied() ?? engine;
    this.ledger = new Ledger(engine);
    this.lost = mayReplace(this.rules) ? new LostLedger(engine) : null;
    this.follower = new Follower(this.engine, this.ledger, this.schema);
    const { engine: mapped, rules, schema, widths } = this;
    this.outlook = new Outlook({
      ...{ engine: mapped, rules, schema, widths, autoCreateTables: options.autoCreateTables },
      remembered: (relation) => this.follower.remembered(relation),
    });
  }

  async connect(): Promise<ServerInfo> {
    return await this.engine.connect();
  }

  async claim(stream: StreamIdentity): Promise<Checkpoint | null> {
    const checkpoint = await this.ledger.claim(await this.main(), stream);
    await this.lost?.create(await this.main());
    for (const table of checkpoint?.tables ?? []) this.known.add(relationName(table));
    this.follower.load(checkpoint?.tables ?? []);
    return checkpoint;
  }

  async begin(flushed: Lsn): Promise<void> {
    await this.ledger.begin(await this.main(), flushed);
  }

  async peek(stream: SoughtStream): Promise<Checkpoint | null> {
    const checkpoint = await this.ledger.peek(await this.main(), stream);
    this.follower.load(checkpoint?.tables ?? []);
    return checkpoint;
  }

  async prepare(relation: Relation, defaults: ColumnDefaults = new Map()): Promise<Prepared> {
    const name = relationName(relation);
    const session = await this.main();
    let abandoned = false;
    // DDL may commit by itself: with pieces of a transaction open it would show a part of it.
    const beforeDdl = async (): Promise<void> => {
      abandoned ||= this.open;
      if (this.open) await this.abandon();
    };
    const remembered = await this.follower.find(session, relation);
    if (!remembered) await this.makeRoom(session, relation, beforeDdl);
    const outdated = this.rules.follow(relation, remembered);
    await this.widths?.decide(session, relation, remembered);
    const done = await prepareTable(this.engine, session, relation, {
      autoCreateTables: this.options.autoCreateTables,
      known: this.known.has(name) || remembered !== null,
      shape: remembered,
      copied: this.follower.copied(relation.oid),
      rules: this.schema,
      values: this.rules,
      defaults,
      lose: async (lost) => void (await this.lost?.recordDefaults(session, this.ledger.slot, lost)),
      remember: async (next) => void (await this.follower.remember(session, relation, next, false)),
      beforeDdl,
    });
    if (!('target' in done)) return done;
    const { target, projection, shape, ...prepared } = done;
    if (projection) this.projections.set(relation, projection);
    this.targets.set(target.relation, target);
    const adjuster = Adjuster.of(this.rules, this.engine.dialect, target);
    if (adjuster) this.adjusters.set(target.relation, adjuster);
    this.known.add(name);
    const kept = await this.follower.remember(session, relation, shape, this.open);
    const deferred = !kept || prepared.deferred === true;
    if (!abandoned) return { ...prepared, deferred, outdated };
    const message = `${name} changed within a transaction, which is read again now that its table has the new columns`;
    throw new Pg2anyError('STREAM_RESTART', message);
  }

  async look(relations: readonly Relation[]): Promise<void> {
    await this.outlook.look(await this.main(), relations);
  }

  profiles(relation: Relation): readonly string[] {
    return this.outlook.profiles(relation);
  }

  learn(relation: Relation, widest: WidestValues): void {
    this.outlook.learn(relation, widest);
  }

  async settle(relation: Relation): Promise<Settled> {
    if (this.open) throw new Pg2anyError('INTERNAL', `${relationName(relation)} is altered within a transaction`);
    const settled = await this.follower.settle(await this.main(), relation);
    await this.prepare(relation);
    return settled;
  }

  /** The table that has the place goes first: what is written to it later is written where it is then. */
  private async makeRoom(session: Session, relation: Relation, beforeDdl: () => Promise<void>): Promise<void> {
    const other = this.follower.inPlaceOf(relation);
    if (!other) return;
    await beforeDdl();
    await this.follower.rename(session, other);
    if (this.follower.inPlaceOf(relation)) throw occupied(relation, other);
    await this.prepare(other);
  }

  async uncopy(relation: Relation, columns: readonly number[]): Promise<void> {
    if (this.schema.changes !== 'apply') throw unsentValues(relation, columns);
    if (this.open) await this.abandon();
    await this.follower.uncopy(await this.main(), relation);
  }

  async rename(relation: Relation): Promise<readonly Alteration[]> {
    return await this.follower.rename(await this.main(), relation);
  }

  mapping(relation: Relation): readonly ColumnMapping[] {
    return this.outlook.mapping(relation);
  }

  async plan(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly TablePlan[]> {
    return await this.outlook.plan(await this.main(), tables, checkpoint);
  }

  async inspect(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly Finding[]> {
    return await this.outlook.inspect(await this.main(), tables, checkpoint);
  }

  async mend(statements: readonly string[]): Promise<void> {
    const session = await this.main();
    for (const sql of statements) await session.runLong(sql);
  }

  admit(relations: readonly Relation[]): void {
    this.outlook.admit(relations);
  }

  async copy(relation: Relation, state: TableState): Promise<TableCopy> {
    const projection = this.projections.get(relation);
    const copy = await this.startCopy(projection?.relation ?? relation, state);
    return projection ? projectedCopy(copy, projection) : copy;
  }

  private async startCopy(relation: Relation, state: TableState): Promise<TableCopy> {
    const target = this.target(relation);
    const losses = this.lost && { ledger: this.lost, adjuster: this.adjusters.get(relation) ?? null };
    const lanes = this.engine.singleWriter
      ? { sessions: [await this.main()] as const, run: this.oneAtATime, release: async () => undefined }
      : await openLanes(this.engine, this.ledger.token);
    const line = { ...state, ...this.follower.line(relation.oid) };
    return await SqlTableCopy.start({ ...lanes, ledger: this.ledger, losses }, target, line);
  }

  async apply(batch: Batch): Promise<void> {
    const session = await this.main();
    try {
      if (!this.open) await session.begin();
      this.open = true;
      const changes = await this.adjusted(session, project(batch.changes, this.projections));
      for (const step of plan(changes, (relation) => this.target(relation))) await session.write(step);
      if (batch.end === null) return;
      await this.ledger.advance(session, batch.end);
      await session.commit();
      this.open = false;
      this.lost?.settle(true);
    } catch (error) {
      await this.abandon();
      throw asPg2anyError(error);
    }
  }

  /** With replacements; what they replace is recorded in the open transaction. */
  private async adjusted(session: Session, changes: Changes): Promise<Changes> {
    if (!this.lost || this.adjusters.size === 0) return changes;
    const lost: Lost[] = [];
    const fitting = adjustChanges(changes, this.adjusters, lost);
    await this.lost.record(session, this.ledger.slot, lost);
    this.lost.expect(lost);
    return fitting;
  }

  takeLost(): readonly LostValues[] {
    return this.lost?.take() ?? [];
  }

  async reconnect(): Promise<Lsn> {
    await this.drop();
    return await this.ledger.recover(await this.main());
  }

  reader(relation: Relation): TableReader {
    const shape = this.follower.remembered(relation);
    this.rules.follow(relation, shape);
    return new SqlTableReader(this.engine, relation, shape, this.rules, () => this.main());
  }

  async forget(stream: StreamIdentity): Promise<void> {
    await this.ledger.forget(await this.main(), stream);
    await forgetLost(this.engine, await this.main(), stream.slot);
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
    this.lost?.settle(false);
    await this.session?.rollback().catch(() => undefined);
  }

  private async drop(): Promise<void> {
    const { session } = this;
    this.session = null;
    this.open = false;
    this.lost?.settle(false);
    await session?.close();
  }
}
