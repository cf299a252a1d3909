import type { Batch, TransactionPart } from '../model/batch.ts';
import type { Change } from '../model/change.ts';
import type { Checkpoint, TableState } from '../model/checkpoint.ts';
import type { ColumnDefaults, Destination, Member, Prepared, ServerInfo } from '../model/destination.ts';
import { asPg2anyError, Pg2anyError } from '../model/error.ts';
import { type Lsn, maxLsn, ZERO_LSN } from '../model/lsn.ts';
import type { Relation } from '../model/relation.ts';

/** One of several destinations: how far it is, and what it still needs of a batch. */
export class Branch {
  flushed: Lsn = ZERO_LSN;
  private readonly name: string;
  private readonly destination: Destination;
  /** Relations that it was told of. */
  private readonly told = new Set<Relation>();
  /** Tables with columns whose values nobody sent it. */
  private readonly lacking = new Set<number>();
  private readonly tables = new Map<number, TableState>();
  /** Where the latest of its copies is. */
  private copiedTo: Lsn = ZERO_LSN;
  private product = '';
  private failure: string | null = null;
  /** What it needs of the batch that was asked about last. */
  private last: { readonly batch: Batch; readonly from: Lsn; readonly needed: Batch | null } | null = null;
  /** The tables that it needs of the next batch; `all` of them; null: tables are copied, and none is under way. */
  private expected: ReadonlySet<Relation> | 'all' | null = null;

  constructor(name: string, destination: Destination) {
    this.name = name;
    this.destination = destination;
  }

  get member(): Member {
    const { name, product, flushed, failure } = this;
    return { name, product, flushed, failure };
  }

  /** Does it there; a failure says which one of several it was. */
  async does<T>(work: (destination: Destination) => T | Promise<T>): Promise<T> {
    try {
      const result = await work(this.destination);
      this.failure = null;
      return result;
    } catch (thrown) {
      const error = asPg2anyError(thrown);
      this.failure = error.message;
      const { code, hint, lookAgain, problem } = error;
      throw new Pg2anyError(code, `${this.name}: ${error.message}`, { hint, lookAgain, problem, cause: error });
    }
  }

  async connect(): Promise<ServerInfo> {
    const info = await this.does((destination) => destination.connect());
    this.product = `${info.product} ${info.version}`;
    return info;
  }

  load({ flushed, tables }: Pick<Checkpoint, 'flushed' | 'tables'>): void {
    this.flushed = flushed;
    this.tables.clear();
    for (const table of tables) this.tables.set(table.oid, table);
    this.reckon();
  }

  get states(): ReadonlyMap<number, TableState> {
    return this.tables;
  }

  hasCopied(oid: number): boolean {
    return this.tables.get(oid)?.state === 'copied';
  }

  copied(state: TableState): void {
    this.tables.set(state.oid, { ...state, state: 'copied' });
    this.reckon();
  }

  expect(batch: Batch): void {
    const needed = this.needed(batch);
    this.expected = needed === batch ? 'all' : needed === null ? new Set() : relationsOf(needed);
  }

  knows(relation: Relation): boolean {
    return this.told.has(relation);
  }

  /**
   * One that is ahead is told of a table with the first change that it needs: before, the stream comes with shapes that
   * it has left behind. A table that it has is not prepared for the copy into another.
   */
  wants(relation: Relation): boolean {
    if (this.expected === null) return !this.hasCopied(relation.oid);
    return this.expected === 'all' || this.expected.has(relation);
  }

  async prepare(relation: Relation, defaults: ColumnDefaults | undefined): Promise<Prepared> {
    const prepared = await this.does((destination) => destination.prepare(relation, defaults));
    if (prepared.unsent) this.lacking.add(relation.oid);
    else {
      this.lacking.delete(relation.oid);
      this.told.add(relation);
    }
    return prepared;
  }

  lacks({ oid }: Relation): boolean {
    return this.lacking.has(oid);
  }

  async uncopy(relation: Relation, columns: readonly number[]): Promise<void> {
    await this.does((destination) => destination.uncopy(relation, columns));
    this.tables.delete(relation.oid);
  }

  /** The batch without what is there already; null where nothing is left. The position that it has may be written again. */
  needed(batch: Batch): Batch | null {
    if (this.last?.batch !== batch || this.last.from !== this.flushed)
      this.last = { batch, from: this.flushed, needed: this.reduced(batch) };
    return this.last.needed;
  }

  async apply(batch: Batch): Promise<void> {
    const needed = this.needed(batch);
    if (!needed) return;
    await this.does((destination) => destination.apply(needed));
    if (batch.end !== null) this.flushed = maxLsn(this.flushed, batch.end);
  }

  async reconnect(): Promise<void> {
    this.flushed = await this.does((destination) => destination.reconnect());
  }

  private reduced(batch: Batch): Batch | null {
    const { parts = [], end } = batch;
    const first = parts[0];
    if (first && first.commitLsn >= this.flushed && first.commitLsn >= this.copiedTo) return batch;
    const left = first ? this.filtered([...batch.changes], parts) : { changes: [], parts: [] };
    if (left.changes.length === 0 && left.parts.length === 0 && (end === null || end < this.flushed)) return null;
    return { ...batch, ...left, rows: left.changes.length, transactions: left.parts.length };
  }

  private reckon(): void {
    const copied = [...this.tables.values()].filter(({ state }) => state === 'copied');
    this.copiedTo = copied.reduce((lsn, { snapshot }) => maxLsn(lsn, snapshot), this.flushed);
  }

  /** A transaction is there if and only if its commit record begins before the checkpoint. */
  private filtered(
    changes: readonly Change[],
    parts: readonly TransactionPart[],
  ): { changes: Change[]; parts: TransactionPart[] } {
    const left: { changes: Change[]; parts: TransactionPart[] } = { changes: [], parts: [] };
    let from = 0;
    for (const part of parts) {
      if (part.commitLsn >= this.flushed) {
        for (let at = from; at < part.upTo; at++) {
          const change = this.change(changes[at] as Change, part.commitLsn);
          if (change) left.changes.push(change);
        }
        left.parts.push({ ...part, upTo: left.changes.length });
      }
      from = part.upTo;
    }
    return left;
  }

  private change(change: Change, at: Lsn): Change | null {
    if (change.kind === 'message') return change;
    if (change.kind !== 'truncate') return this.needs(change.relation, at) ? change : null;
    const relations = change.relations.filter((relation) => this.needs(relation, at));
    return relations.length > 0 ? { kind: 'truncate', relations } : null;
  }

  /** Not what its copy holds. */
  private needs({ oid }: Relation, at: Lsn): boolean {
    const table = this.tables.get(oid);
    return table?.state !== 'copied' || at >= table.snapshot;
  }
}

function relationsOf({ changes }: Batch): ReadonlySet<Relation> {
  const all = new Set<Relation>();
  let last: Relation | null = null;
  for (const change of changes.kept ?? changes) {
    if (change.kind === 'truncate') for (const one of change.relations) all.add(one);
    else if (change.kind !== 'message' && change.relation !== last) {
      last = change.relation;
      all.add(last);
    }
  }
  return all;
}
