import type { Batch } from '../model/batch.ts';
import type { Checkpoint, SoughtStream, StreamIdentity, TableState } from '../model/checkpoint.ts';
import type {
  Alteration,
  ColumnDefaults,
  ColumnMapping,
  Destination,
  LostValues,
  Member,
  Prepared,
  ServerInfo,
  Settled,
  TableCopy,
  TablePlan,
  TableReader,
  TableToPlan,
  Warning,
  WidestValues,
} from '../model/destination.ts';
import type { Finding } from '../model/finding.ts';
import { type Lsn, minLsn } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import { Branch } from './branch.ts';
import { FanOutCopy } from './fan-out-copy.ts';
import { jointCheckpoint } from './joint-checkpoint.ts';
import { together } from './together.ts';

/**
 * Several destinations of one stream: a database, and a mirror or more. Each has its own checkpoint. The stream begins at
 * the lowest, each skips what it has already, and what is durable is what is durable everywhere.
 */
export class FanOut implements Destination {
  readonly wantsParts = true;
  private readonly all: readonly Destination[];
  private readonly first: Destination;
  private readonly branches: readonly Branch[];

  /** The first is the one that is compared, planned and shown. */
  constructor(first: Destination, ...mirrors: readonly Destination[]) {
    this.first = first;
    this.all = [first, ...mirrors];
    this.branches = this.all.map((one, at) => new Branch(at === 0 ? 'destination' : 'mirror', one));
  }

  members(): readonly Member[] {
    return this.branches.map(({ member }) => member);
  }

  async connect(): Promise<ServerInfo> {
    const [first, ...mirrors] = await together(this.branches, (branch) => branch.connect());
    const { product, version, road } = first as ServerInfo;
    const others = mirrors.map((one) => ` and ${one.product} ${one.version}`).join('');
    return { product, version: version + others, road: [road, ...mirrors.map((one) => one.road)].join(' and ') };
  }

  async claim(stream: StreamIdentity): Promise<Checkpoint | null> {
    const claimed = await this.each((destination) => destination.claim(stream));
    const known = jointCheckpoint(claimed.filter((one) => one !== null));
    if (!known) return null;
    // one that is new takes part from where the others are
    const all = await this.each(async (destination, at) => {
      const own = claimed[at];
      if (own) return own;
      await destination.begin(known.flushed);
      return { flushed: known.flushed, timeline: stream.timeline ?? null, tables: [] };
    });
    this.branches.forEach((branch, at) => {
      branch.load(all[at] as Checkpoint);
    });
    const joint = jointCheckpoint(all);
    const members = this.branches.map(({ member: { name } }, at) => ({ ...(all[at] as Checkpoint), name }));
    return joint && { ...joint, members };
  }

  async begin(flushed: Lsn): Promise<void> {
    await this.each((destination) => destination.begin(flushed));
    for (const branch of this.branches) branch.load({ flushed, tables: [] });
  }

  async peek(stream: SoughtStream): Promise<Checkpoint | null> {
    const all = await this.each((destination) => destination.peek(stream));
    return jointCheckpoint(all.filter((one) => one !== null));
  }

  profiles(relation: Relation): readonly string[] {
    return [...new Set(this.all.flatMap((destination) => destination.profiles?.(relation) ?? []))];
  }

  learn(relation: Relation, widest: WidestValues): void {
    for (const destination of this.all) destination.learn?.(relation, widest);
  }

  async look(relations: readonly Relation[]): Promise<void> {
    await this.each(async (destination) => await destination.look?.(relations));
  }

  expect(batch: Batch): void {
    for (const branch of this.branches) branch.expect(batch);
  }

  async prepare(relation: Relation, defaults?: ColumnDefaults): Promise<Prepared> {
    const untold = this.branches.filter((branch) => !branch.knows(relation));
    const now = untold.filter((branch) => branch.wants(relation));
    const done = await together(now, (branch) => branch.prepare(relation, defaults));
    const main = done.find(({ unsent }) => unsent) ?? done.find(({ action }) => action !== 'unchanged') ?? done[0];
    const nothing: Prepared = { action: 'unchanged', table: relationName(relation), sql: [], road: 'later' };
    return {
      ...(main ?? nothing),
      deferred: done.some(({ deferred }) => deferred),
      outdated: done.flatMap(({ outdated = [] }) => outdated),
      again: now.length < untold.length,
    };
  }

  async settle(relation: Relation): Promise<Settled> {
    const told = this.branches.filter((branch) => branch.knows(relation));
    const all = await together(told, (branch) => branch.does((destination) => destination.settle(relation)));
    return { done: all.flatMap(({ done }) => done), waiting: all.some(({ waiting }) => waiting) };
  }

  /** Only where values are missing: a topic cannot be emptied, and goes on with every change instead. */
  async uncopy(relation: Relation, columns: readonly number[]): Promise<void> {
    const lacking = this.branches.filter((branch) => branch.lacks(relation));
    await together(lacking, (branch) => branch.uncopy(relation, columns));
  }

  async rename(relation: Relation): Promise<readonly Alteration[]> {
    return (await this.each(async (destination) => (await destination.rename?.(relation)) ?? [])).flat();
  }

  mapping(relation: Relation): readonly ColumnMapping[] {
    return this.first.mapping(relation);
  }

  admit(relations: readonly Relation[]): void {
    for (const destination of this.all) destination.admit?.(relations);
  }

  async plan(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly TablePlan[]> {
    return (await this.each((destination) => destination.plan(tables, checkpoint))).flat();
  }

  async inspect(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly Finding[]> {
    return (await this.each((destination) => destination.inspect(tables, checkpoint))).flat();
  }

  async copy(relation: Relation, state: TableState): Promise<TableCopy> {
    return await FanOutCopy.start(this.branches, relation, state);
  }

  async apply(batch: Batch): Promise<void> {
    await together(this.branches, (branch) => branch.apply(batch));
  }

  takeLost(): readonly LostValues[] {
    return this.all.flatMap((destination) => destination.takeLost?.() ?? []);
  }

  takeWarnings(): readonly Warning[] {
    return this.all.flatMap((destination) => destination.takeWarnings?.() ?? []);
  }

  async reconnect(): Promise<Lsn> {
    await together(this.branches, (branch) => branch.reconnect());
    return this.branches.map(({ flushed }) => flushed).reduce(minLsn);
  }

  reader(relation: Relation): TableReader {
    return this.first.reader(relation);
  }

  async forget(stream: StreamIdentity): Promise<void> {
    await this.each((destination) => destination.forget(stream));
  }

  async close(): Promise<void> {
    await together(this.all, (destination) => destination.close());
  }

  private async each<T>(work: (destination: Destination, at: number) => Promise<T>): Promise<T[]> {
    return await together(this.branches, (branch, at) => branch.does((destination) => work(destination, at)));
  }
}
