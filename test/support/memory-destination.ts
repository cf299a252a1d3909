import type { Batch } from '../../src/model/batch.ts';
import type { Change } from '../../src/model/change.ts';
import type { Checkpoint, StreamIdentity, TableState } from '../../src/model/checkpoint.ts';
import type { ColumnDefaults, Destination, Prepared, TableCopy } from '../../src/model/destination.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import { type Lsn, maxLsn } from '../../src/model/lsn.ts';
import { type Relation, relationName } from '../../src/model/relation.ts';
import { type Row, UNCHANGED } from '../../src/model/value.ts';

type Rows = Map<string, Row>;

/**
 * A destination server in memory, with the promises of a real one: rows and checkpoint move together, a stale fence
 * writes nothing, and what is not committed is gone after a reconnect. It survives the instances that `open` gives,
 * as a server survives its clients. Values are PostgreSQL's text.
 */
export class MemoryServer {
  checkpoint: { flushed: Lsn; fence: number; systemId: string; timeline: number | null } | null = null;
  readonly states = new Map<string, TableState>();
  /** Rows by table, then by key (or by serial for tables without one), as of the last commit. */
  tables = new Map<string, Rows>();
  /** All changes that were ever applied, in order: more than the source made means something was repeated. */
  readonly applied: Change[] = [];
  readonly prepared: Relation[] = [];
  readonly settled: Relation[] = [];
  readonly uncopied: Relation[] = [];
  /** What `prepare` says beside the usual. */
  answer: (relation: Relation, defaults: ColumnDefaults | undefined) => Partial<Prepared> = () => ({});
  readonly batches: { end: Lsn | null; rows: number }[] = [];
  /** Called at points of an apply; throw or wait to inject a fault. */
  fault: (
    point: 'before' | 'committed' | 'reconnect' | 'connect' | 'copy',
    batch: Batch | null,
    /** Of a copy. */
    table?: string,
  ) => Promise<void> | void = () => undefined;
  private serial = 0;

  open(): Destination {
    return new MemoryDestination(this);
  }

  rows(name: string): Row[] {
    return [...(this.tables.get(name) ?? new Map<string, Row>()).values()];
  }

  /** It takes nothing more until the answer is called. */
  hold(): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.fault = async (point) => {
      if (point === 'before') await held;
    };
    return () => {
      this.fault = () => undefined;
      release();
    };
  }

  nextSerial(): string {
    this.serial += 1;
    return `#${this.serial}`;
  }
}

class MemoryDestination implements Destination {
  private readonly server: MemoryServer;
  private fence = 0;
  private pending: { tables: Map<string, Rows>; changes: Change[] } | null = null;

  constructor(server: MemoryServer) {
    this.server = server;
  }

  async connect() {
    await this.server.fault('connect', null);
    return { product: 'Memory', version: '1', road: 'assignment' };
  }

  async claim(stream: StreamIdentity): Promise<Checkpoint | null> {
    const { checkpoint } = this.server;
    this.timeline = stream.timeline ?? null;
    if (!checkpoint) {
      this.fence = 1;
      this.pendingSystem = stream.systemId;
      return null;
    }
    if (checkpoint.systemId !== stream.systemId) throw new Pg2anyError('SOURCE_CHANGED', 'another cluster');
    checkpoint.fence += 1;
    this.fence = checkpoint.fence;
    return this.remembered(checkpoint);
  }
  private pendingSystem = '';
  private timeline: number | null = null;

  async begin(flushed: Lsn) {
    const { fence, pendingSystem: systemId, timeline } = this;
    this.server.checkpoint = { flushed, fence, systemId, timeline };
  }

  private remembered({ flushed, timeline }: Pick<Checkpoint, 'flushed' | 'timeline'>): Checkpoint {
    return { flushed, timeline, tables: [...this.server.states.values()] };
  }

  async peek(): Promise<Checkpoint | null> {
    const { checkpoint } = this.server;
    return checkpoint && this.remembered(checkpoint);
  }

  async prepare(relation: Relation, defaults?: ColumnDefaults): Promise<Prepared> {
    const name = relationName(relation);
    const known = this.server.tables.has(name);
    const answer = this.server.answer(relation, defaults);
    this.server.prepared.push(relation);
    if (!known) this.server.tables.set(name, new Map());
    return { action: known ? 'unchanged' : 'created', table: name, sql: [], road: 'memory', ...answer };
  }

  async uncopy(relation: Relation) {
    this.server.uncopied.push(relation);
    this.server.states.delete(relationName(relation));
  }

  async settle(relation: Relation) {
    this.server.settled.push(relation);
    return { done: [], waiting: false };
  }

  async plan() {
    return [];
  }

  mapping() {
    return [];
  }

  async inspect() {
    return [];
  }

  async copy(relation: Relation, state: TableState): Promise<TableCopy> {
    const name = relationName(relation);
    this.server.tables.set(name, new Map());
    this.server.states.set(name, state);
    if (this.server.checkpoint) this.server.checkpoint.timeline = this.timeline;
    return {
      lanes: 1,
      write: async (rows) => {
        await this.server.fault('copy', null, name);
        this.assertFence();
        const table = this.server.tables.get(name) ?? new Map();
        for (const row of rows) table.set(this.keyOf(relation, row), row);
      },
      finish: async () => {
        this.server.states.set(name, { ...state, state: 'copied' });
      },
      close: async () => undefined,
    };
  }

  async apply(batch: Batch): Promise<void> {
    await this.server.fault('before', batch);
    this.pending ??= {
      tables: new Map([...this.server.tables].map(([name, rows]) => [name, new Map(rows)])),
      changes: [],
    };
    for (const change of batch.changes) this.change(change, this.pending.tables);
    for (const change of batch.changes) this.pending.changes.push(change);
    this.server.batches.push({ end: batch.end, rows: batch.rows });
    if (batch.end === null) return;
    this.assertFence();
    this.server.tables = this.pending.tables;
    for (const change of this.pending.changes) this.server.applied.push(change);
    this.pending = null;
    const { checkpoint } = this.server;
    if (checkpoint) {
      checkpoint.flushed = maxLsn(checkpoint.flushed, batch.end);
      checkpoint.timeline = this.timeline;
    }
    await this.server.fault('committed', batch);
  }

  async reconnect(): Promise<Lsn> {
    this.pending = null;
    await this.server.fault('reconnect', null);
    this.assertFence();
    return this.server.checkpoint?.flushed ?? (0n as Lsn);
  }

  reader(): never {
    throw new Error('a memory destination is read directly');
  }

  async forget() {
    this.server.checkpoint = null;
    this.server.states.clear();
  }

  async close() {
    this.pending = null;
  }

  private assertFence(): void {
    if (this.server.checkpoint && this.server.checkpoint.fence !== this.fence)
      throw new Pg2anyError('FENCED', 'another instance took over');
  }

  private keyOf(relation: Relation, row: Row): string {
    return relation.identity === 'key'
      ? JSON.stringify(relation.key.map((index) => row[index]))
      : this.server.nextSerial();
  }

  private change(change: Change, tables: Map<string, Rows>): void {
    if (change.kind === 'message') return;
    if (change.kind === 'truncate') {
      for (const relation of change.relations) tables.get(relationName(relation))?.clear();
      return;
    }
    const { relation } = change;
    const table = tables.get(relationName(relation));
    if (!table) throw new Error(`${relationName(relation)} was never prepared`);
    if (change.kind === 'insert') {
      table.set(this.keyOf(relation, change.after), change.after);
      return;
    }
    const found = relation.identity === 'key' ? JSON.stringify(change.key) : this.sameRow(table, change.key);
    const before = found === null ? undefined : table.get(found);
    if (found !== null) table.delete(found);
    if (change.kind === 'delete') return;
    const after = change.after.map((value, index) => (value === UNCHANGED ? (before?.[index] ?? null) : value));
    table.set(this.keyOf(relation, after), after);
  }

  private sameRow(table: Rows, row: Row): string | null {
    const wanted = JSON.stringify(row);
    for (const [key, value] of table) if (JSON.stringify(value) === wanted) return key;
    return null;
  }
}
