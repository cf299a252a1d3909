import type { Batch, TransactionPart } from '../model/batch.ts';
import type { Change } from '../model/change.ts';
import type { Checkpoint, TableState } from '../model/checkpoint.ts';
import type { Destination } from '../model/destination.ts';
import { type Lsn, maxLsn, ZERO_LSN } from '../model/lsn.ts';
import type { Relation } from '../model/relation.ts';

/** One of several destinations: how far it is, and what it still needs of a batch. */
export class Branch {
  readonly destination: Destination;
  /** Relations that it was told of. */
  readonly prepared = new Set<Relation>();
  flushed: Lsn = ZERO_LSN;
  private readonly tables = new Map<number, TableState>();
  /** Where the latest of its copies is. */
  private copiedTo: Lsn = ZERO_LSN;

  constructor(destination: Destination) {
    this.destination = destination;
  }

  load({ flushed, tables }: Checkpoint): void {
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

  uncopied(oid: number): void {
    this.tables.delete(oid);
  }

  /** The batch without what is there already; null where nothing is left. */
  needed(batch: Batch): Batch | null {
    const { parts = [], end } = batch;
    const first = parts[0];
    if (first && first.commitLsn >= this.flushed && first.commitLsn >= this.copiedTo) return batch;
    const left = first ? this.filtered(batch.changes, parts) : { changes: [], parts: [] };
    if (left.changes.length === 0 && left.parts.length === 0 && (end === null || end <= this.flushed)) return null;
    return { ...batch, ...left, rows: left.changes.length, transactions: left.parts.length };
  }

  async apply(batch: Batch): Promise<void> {
    await this.destination.apply(batch);
    if (batch.end !== null) this.flushed = maxLsn(this.flushed, batch.end);
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
