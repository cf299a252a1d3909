import type { Batch, TransactionPart } from '../model/batch.ts';
import type { Begin, Change, Changes, Commit, Inserts } from '../model/change.ts';
import { type Lsn, maxLsn } from '../model/lsn.ts';
import type { Relation } from '../model/relation.ts';
import { countOf, Gathered } from './gathered.ts';

export interface BatchLimits {
  /** Row changes after which the batcher is full. A batch may exceed it by what one chunk holds. */
  readonly rows: number;
  /** Bytes on the wire after which the batcher is full. */
  readonly bytes: number;
}

/** A batch with the relations its changes belong to, which the destination must know first. */
export interface ReadyBatch extends Batch {
  readonly relations: ReadonlySet<Relation>;
  /** Its share of the bytes on the wire. */
  readonly bytes: number;
}

/** Changes between two changes of a table's shape. */
class Section {
  readonly changes = new Gathered();
  /** How many of `relations` the changes of finished transactions belong to. */
  closedRelations = 0;
  relations = new Set<Relation>();
  end: Lsn | null = null;
  commitTime: number | null = null;
  transactions = 0;
  /** Of its finished transactions; only where they are wanted. */
  parts: TransactionPart[] = [];
  /** The transaction that goes on in the next section. */
  tail: Opened | null = null;
}

type Opened = Pick<Begin, 'xid' | 'commitLsn' | 'commitTime'>;

/**
 * Collects changes into batches that end on commit boundaries. Nothing waits for a timer: `take` gives whatever whole
 * transactions are there. A transaction larger than the limits is given in pieces (`end: null`). Pure.
 */
export class Batcher {
  private readonly limits: BatchLimits;
  private sections: Section[] = [new Section()];
  private last: Relation | null = null;
  private rows = 0;
  private bytes = 0;
  private open = false;
  private changesInTransaction = 0;
  /** The open transaction; null where nobody wants to know. */
  private opened: Opened | null = null;
  private readonly wantsParts: boolean;

  constructor(limits: BatchLimits, wantsParts = false) {
    this.limits = limits;
    this.wantsParts = wantsParts;
  }

  /** Nothing is held, and no transaction is open. */
  get empty(): boolean {
    return !this.open && this.sections.every((section) => section.changes.length === 0 && section.end === null);
  }

  get full(): boolean {
    return this.rows > 0 && (this.rows >= this.limits.rows || this.bytes >= this.limits.bytes);
  }

  /** Wire size of what is held. */
  get heldBytes(): number {
    return this.bytes;
  }

  /** Before the changes of a chunk are added: its size. */
  addBytes(bytes: number): void {
    this.bytes = (this.rows === 0 ? 0 : this.bytes) + bytes;
  }

  begin(transaction?: Opened): void {
    this.open = true;
    if (this.wantsParts && transaction) this.opened = transaction;
    this.changesInTransaction = 0;
  }

  change(change: Change | Inserts): void {
    const section = this.current();
    section.changes.push(change);
    const count = countOf(change);
    this.rows += count;
    this.changesInTransaction += count;
    if (change.kind === 'truncate') for (const relation of change.relations) section.relations.add(relation);
    else if (change.kind !== 'message' && change.relation !== this.last) {
      this.last = change.relation;
      section.relations.add(change.relation);
    }
  }

  /** A table's shape changes here: what came before must be applied before its columns are touched. */
  cut(): void {
    this.last = null;
    const section = this.current();
    if (section.changes.length === 0) return;
    section.tail = this.open ? this.opened : null;
    this.sections.push(new Section());
  }

  /** Returns false for a transaction without changes when nothing else is held: only the position moved. */
  commit(commit: Commit): boolean {
    this.open = false;
    if (this.changesInTransaction === 0 && this.empty) return false;
    const section = this.current();
    section.changes.close();
    section.closedRelations = section.relations.size;
    section.end = maxLsn(section.end ?? commit.end, commit.end);
    section.commitTime = commit.commitTime;
    section.transactions += 1;
    if (this.opened) section.parts.push(partOf(this.opened, section.changes.closed, false));
    return true;
  }

  /** The next batch, or null when nothing can be applied yet. */
  take(): ReadyBatch | null {
    const section = this.sections[0];
    if (!section) return null;
    const batch = section.end !== null ? this.takeClosed(section) : this.mustSplit() ? this.takePiece(section) : null;
    if (batch) this.shrink(batch.changes.length);
    return batch;
  }

  private takeClosed(section: Section): ReadyBatch {
    const whole = section.changes.closed === section.changes.length;
    const relations = whole ? section.relations : new Set([...section.relations].slice(0, section.closedRelations));
    const batch = this.batch(section, section.changes.takeClosed(), relations, section.end);
    section.parts = [];
    section.end = null;
    section.commitTime = null;
    section.transactions = 0;
    if (whole) section.relations = new Set();
    this.last = null;
    this.dropEmptyFirst();
    return batch;
  }

  private takePiece(section: Section): ReadyBatch | null {
    if (section.changes.length === 0) return null;
    const opened = section.tail ?? this.opened;
    if (opened) section.parts = [partOf(opened, section.changes.length, true)];
    const batch = this.batch(section, section.changes.takeAll(), section.relations, null);
    section.parts = [];
    section.relations = new Set();
    this.last = null;
    this.dropEmptyFirst();
    return batch;
  }

  /** The first section's transaction goes on in the next one, or is larger than we may hold. */
  private mustSplit(): boolean {
    return this.sections.length > 1 || this.full;
  }

  private batch(
    { transactions, commitTime, parts }: Section,
    changes: Changes,
    relations: ReadonlySet<Relation>,
    end: Lsn | null,
  ): ReadyBatch {
    const bytes = this.shareOf(changes.length);
    const batch = { changes, end, rows: changes.length, transactions, commitTime, relations, bytes };
    return this.wantsParts ? { ...batch, parts } : batch;
  }

  private dropEmptyFirst(): void {
    const first = this.sections[0];
    if (this.sections.length > 1 && first && first.changes.length === 0 && first.end === null) this.sections.shift();
  }

  private shareOf(changes: number): number {
    return this.rows === changes ? this.bytes : Math.round((this.bytes * changes) / this.rows);
  }

  private shrink(taken: number): void {
    this.bytes -= this.shareOf(taken);
    this.rows -= taken;
  }

  private current(): Section {
    const section = this.sections.at(-1);
    if (section) return section;
    const fresh = new Section();
    this.sections.push(fresh);
    return fresh;
  }
}

const partOf = ({ xid, commitLsn, commitTime }: Opened, upTo: number, open: boolean): TransactionPart => ({
  xid,
  commitLsn,
  commitTime,
  upTo,
  open,
});
