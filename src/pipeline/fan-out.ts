import type { Batch } from '../model/batch.ts';
import type { Checkpoint, SoughtStream, StreamIdentity, TableState } from '../model/checkpoint.ts';
import type {
  Alteration,
  ColumnDefaults,
  ColumnMapping,
  Destination,
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
import { Pg2anyError } from '../model/error.ts';
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
  private readonly branches: readonly Branch[];
  private readonly first: Branch;

  /** The first is the one that is compared, planned and shown. */
  constructor(first: Destination, ...mirrors: readonly Destination[]) {
    this.first = new Branch(first);
    this.branches = [this.first, ...mirrors.map((one) => new Branch(one))];
  }

  async connect(): Promise<ServerInfo> {
    const [first, ...mirrors] = await this.all(({ destination }) => destination.connect());
    const { product, version, road } = first as ServerInfo;
    const others = mirrors.map((one) => ` and ${one.product} ${one.version}`).join('');
    return { product, version: version + others, road: [road, ...mirrors.map((one) => one.road)].join(' and ') };
  }

  async claim(stream: StreamIdentity): Promise<Checkpoint | null> {
    const claimed = await this.all(({ destination }) => destination.claim(stream));
    const known = jointCheckpoint(claimed.filter((one) => one !== null));
    if (!known) return null;
    // one that is new takes part from where the others are
    const all = await this.all(async ({ destination }, at) => {
      const own = claimed[at];
      if (own) return own;
      await destination.begin(known.flushed);
      return { flushed: known.flushed, tables: [] };
    });
    this.branches.forEach((branch, at) => {
      branch.load(all[at] as Checkpoint);
    });
    return jointCheckpoint(all);
  }

  async begin(flushed: Lsn): Promise<void> {
    await this.all(async (branch) => {
      await branch.destination.begin(flushed);
      branch.load({ flushed, tables: [] });
    });
  }

  async peek(stream: SoughtStream): Promise<Checkpoint | null> {
    const all = await this.all(({ destination }) => destination.peek(stream));
    return jointCheckpoint(all.filter((one) => one !== null));
  }

  profiles(relation: Relation): readonly string[] {
    return [...new Set(this.branches.flatMap(({ destination }) => destination.profiles?.(relation) ?? []))];
  }

  learn(relation: Relation, widest: WidestValues): void {
    for (const { destination } of this.branches) destination.learn?.(relation, widest);
  }

  async look(relations: readonly Relation[]): Promise<void> {
    await this.all(async ({ destination }) => await destination.look?.(relations));
  }

  /**
   * A destination that is ahead is not told yet: the stream comes to it with shapes that it has left behind. It is told
   * with the first change that it needs.
   */
  async prepare(relation: Relation, defaults?: ColumnDefaults): Promise<Prepared> {
    const now = this.branches.filter((branch) => !this.waits(branch, relation));
    const done = await together(now, async (branch) => {
      const prepared = await branch.destination.prepare(relation, defaults);
      if (!prepared.unsent) branch.prepared.add(relation);
      return prepared;
    });
    const main = done.find(({ unsent }) => unsent) ?? done.find(({ action }) => action !== 'unchanged') ?? done[0];
    const nothing: Prepared = { action: 'unchanged', table: relationName(relation), sql: [], road: 'later' };
    return {
      ...(main ?? nothing),
      deferred: done.some(({ deferred }) => deferred),
      outdated: done.flatMap(({ outdated = [] }) => outdated),
    };
  }

  async settle(relation: Relation): Promise<Settled> {
    const told = this.branches.filter(({ prepared }) => prepared.has(relation));
    const all = await together(told, ({ destination }) => destination.settle(relation));
    return { done: all.flatMap(({ done }) => done), waiting: all.some(({ waiting }) => waiting) };
  }

  async uncopy(relation: Relation, columns: readonly number[]): Promise<void> {
    await this.all(async (branch) => {
      await branch.destination.uncopy(relation, columns);
      branch.uncopied(relation.oid);
    });
  }

  async rename(relation: Relation): Promise<readonly Alteration[]> {
    return (await this.all(async ({ destination }) => (await destination.rename?.(relation)) ?? [])).flat();
  }

  mapping(relation: Relation): readonly ColumnMapping[] {
    return this.first.destination.mapping(relation);
  }

  admit(relations: readonly Relation[]): void {
    for (const { destination } of this.branches) destination.admit?.(relations);
  }

  async plan(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly TablePlan[]> {
    return (await this.all(({ destination }) => destination.plan(tables, checkpoint))).flat();
  }

  async inspect(tables: readonly TableToPlan[], checkpoint: Checkpoint | null): Promise<readonly Finding[]> {
    return (await this.all(({ destination }) => destination.inspect(tables, checkpoint))).flat();
  }

  async copy(relation: Relation, state: TableState): Promise<TableCopy> {
    return await FanOutCopy.start(this.branches, relation, state);
  }

  async apply(batch: Batch): Promise<void> {
    // those that are ahead come last: what they are told now may begin the stream anew
    const { lowest } = this;
    const behind = this.branches.filter(({ flushed }) => flushed <= lowest);
    const ahead = this.branches.filter(({ flushed }) => flushed > lowest);
    await together(behind, (branch) => this.applyTo(branch, batch));
    await together(ahead, (branch) => this.applyTo(branch, batch));
  }

  takeLost(): readonly LostValues[] {
    return this.branches.flatMap(({ destination }) => destination.takeLost?.() ?? []);
  }

  async reconnect(): Promise<Lsn> {
    await this.all(async (branch) => {
      branch.flushed = await branch.destination.reconnect();
    });
    return this.lowest;
  }

  reader(relation: Relation): TableReader {
    return this.first.destination.reader(relation);
  }

  async forget(stream: StreamIdentity): Promise<void> {
    await this.all(({ destination }) => destination.forget(stream));
  }

  async close(): Promise<void> {
    await this.all(({ destination }) => destination.close());
  }

  private async applyTo(branch: Branch, batch: Batch): Promise<void> {
    const needed = branch.needed(batch);
    if (!needed) return;
    for (const relation of relationsOf(needed)) {
      if (branch.prepared.has(relation)) continue;
      const { unsent } = await branch.destination.prepare(relation);
      if (unsent)
        throw new Pg2anyError('STREAM_RESTART', `${relationName(relation)} changed while a mirror was behind`);
      branch.prepared.add(relation);
    }
    await branch.apply(needed);
  }

  /** Also one that has the table while it is copied into another: the copy's shape may be ahead of its stream. */
  private waits(branch: Branch, { oid }: Relation): boolean {
    if (branch.flushed > this.lowest) return true;
    return branch.hasCopied(oid) && !this.branches.every((one) => one.hasCopied(oid));
  }

  private get lowest(): Lsn {
    return this.branches.reduce((lsn, { flushed }) => minLsn(lsn, flushed), this.first.flushed);
  }

  private async all<T>(work: (branch: Branch, at: number) => Promise<T>): Promise<T[]> {
    return await together(this.branches, work);
  }
}

function relationsOf({ changes }: Batch): ReadonlySet<Relation> {
  const all = new Set<Relation>();
  let last: Relation | null = null;
  for (const change of changes) {
    if (change.kind === 'truncate') for (const one of change.relations) all.add(one);
    else if (change.kind !== 'message' && change.relation !== last) {
      last = change.relation;
      all.add(last);
    }
  }
  return all;
}
