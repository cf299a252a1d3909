import type { Change, Inserts, RowChange, SourceEvent } from '../model/change.ts';
import type { Destination } from '../model/destination.ts';
import { Pg2anyError } from '../model/error.ts';
import type { Emit } from '../model/event.ts';
import { type Lsn, maxLsn, ZERO_LSN } from '../model/lsn.ts';
import { type Relation, relationName } from '../model/relation.ts';
import type { Source, Stream } from '../model/source.ts';
import { unsentReason, unsentValues } from '../model/unsent.ts';
import type { Counters } from '../status/counters.ts';
import { Applier } from './applier.ts';
import { pause } from './backoff.ts';
import { Batcher, type BatchLimits, type ReadyBatch } from './batcher.ts';
import type { Gate } from './gate.ts';
import { IdlePosition } from './idle.ts';
import { assertClear, copiedFirst, type KnownTables, type Verdict } from './tables.ts';

export interface StreamingPorts {
  readonly stream: Stream;
  readonly destination: Destination;
  readonly counters: Counters;
  readonly emit: Emit;
  readonly tables: KnownTables;
  readonly source: Pick<Source, 'missingValues' | 'hasValues'>;
  readonly limits: BatchLimits;
  readonly gate: Gate;
  readonly from: Lsn;
  /** Stop once everything before this position is durable at the destination. */
  readonly until: Lsn | null;
  readonly signal: AbortSignal;
  /** How long a stop waits for the batch in hand, ms; 15 s unless told. */
  readonly drainMs?: number;
  /** A table has to be copied before the stream can go on. */
  readonly wantsCopy: (oid: number) => void;
}

/** An orchestrator gives 20 s or more between SIGTERM and SIGKILL; the slot has to be released in it too. */
const DRAIN_MS = 15_000;

/** Pulls the stream into the destination until `until` is reached or `signal` aborts. */
export class Streaming {
  private readonly ports: StreamingPorts;
  private readonly batcher: Batcher;
  private readonly idle: IdlePosition;
  private readonly applier: Applier;
  private readonly stop = new AbortController();
  private readonly verdicts = new Map<Relation, Verdict>();
  private flushed: Lsn;
  private commitLsn: Lsn = ZERO_LSN;
  private room: (() => void) | null = null;
  private failure: unknown = null;

  constructor(ports: StreamingPorts) {
    this.ports = ports;
    this.flushed = ports.from;
    this.batcher = new Batcher(ports.limits, ports.destination.wantsParts);
    this.idle = new IdlePosition(ports.until, performance.now());
    const { destination, counters, emit } = ports;
    this.applier = new Applier({
      destination,
      counters,
      emit,
      untold: {
        missingValues: ({ oid }) => ports.source.missingValues(oid),
        hasValues: ({ oid }, attnum) => ports.source.hasValues(oid, attnum),
        copyAgain: (relation, columns) => this.copyAgain(relation, columns),
      },
      next: () => this.next(),
      durable: (flushed) => this.durable(flushed),
      signal: this.stop.signal,
    });
  }

  async run(): Promise<void> {
    const abort = (): void => this.stop.abort();
    this.ports.signal.addEventListener('abort', abort);
    if (this.ports.signal.aborted || this.reached()) abort();
    try {
      for await (const chunk of this.ports.stream.chunks(this.stop.signal)) {
        if (this.ports.gate.closed) await this.held();
        if (this.stop.signal.aborted) break;
        this.batcher.addBytes(chunk.bytes);
        for (const event of chunk.events) this.take(event);
        // What is there already joins the batch: a commit costs the destination more than decoding costs us.
        if (this.ports.stream.vitals().queueBytes === 0 || this.batcher.full)
          this.applier.kick((error) => this.failed(error));
        if (!this.batcher.empty) this.ports.counters.idle = false;
        while (this.batcher.full && !this.stop.signal.aborted) await this.untilRoom();
      }
    } finally {
      this.stop.abort();
      await this.drained();
      this.ports.signal.removeEventListener('abort', abort);
    }
    if (this.failure) throw this.failure;
  }

  /** While a person holds it. What outlasts the connection goes on with a new one. */
  private async held(): Promise<void> {
    const { gate, stream } = this.ports;
    await gate.passed(this.stop.signal);
    if (stream.vitals().failure?.code === 'STREAM_STALLED')
      throw new Pg2anyError('STREAM_RESTART', 'going on after a pause, with a new connection to the source');
  }

  /** A stop waits for the batch in hand, but not for ever: what is not committed by then is read again next time. */
  private async drained(): Promise<void> {
    const settled = this.applier.settled();
    if (!this.ports.signal.aborted) return await settled;
    const cap = new AbortController();
    await Promise.race([settled, pause(this.ports.drainMs ?? DRAIN_MS, cap.signal)]);
    cap.abort();
  }

  private take(event: SourceEvent): void {
    switch (event.kind) {
      case 'begin':
        this.commitLsn = event.commitLsn;
        this.batcher.begin(event);
        return;
      case 'commit':
        if (!this.batcher.commit(event)) this.idle.offer(event.end, false);
        return;
      case 'idle':
        this.idle.offer(event.walEnd, event.urgent);
        return;
      case 'relation':
        this.relation(event.relation, event.previous);
        return;
      default:
        this.change(event);
    }
  }

  private relation(relation: Relation, previous: Relation | null): void {
    const verdict = this.ports.tables.judge(relation);
    this.verdicts.set(relation, verdict);
    if (verdict.kind !== 'apply') return;
    assertClear(relation);
    this.tellName(relation, previous);
    if (previous) this.batcher.cut();
  }

  /** Under its new name the configuration may not choose the table any more. */
  private tellName(relation: Relation, previous: Relation | null): void {
    const { tables, emit } = this.ports;
    const table = relationName(relation);
    if ((previous && relationName(previous) === table) || !tables.isUnlisted(relation)) return;
    const message = `${table} is replicated because it was chosen under another name; name it in the configuration too`;
    emit({ severity: 'warn', event: 'table.unlisted', message, data: { table } });
  }

  private change(change: Change | Inserts): void {
    if (change.kind === 'message') this.batcher.change(change);
    else if (change.kind === 'truncate') {
      const relations = change.relations.flatMap((relation) => this.routed(relation) ?? []);
      if (relations.length > 0) this.batcher.change({ kind: 'truncate', relations });
    } else {
      const relation = this.routed(change.relation);
      if (relation) this.batcher.change(routedTo(change, relation));
    }
  }

  /** Where changes of this relation go in the open transaction; null where they are not applied. */
  private routed(relation: Relation): Relation | null {
    const verdict = this.verdicts.get(relation);
    // Only a change shows that a table is published: partitions are described although their root is.
    if (verdict?.kind === 'copy') throw this.copyFirst(relation);
    return verdict?.kind === 'apply' && this.commitLsn >= verdict.since ? verdict.relation : null;
  }

  private copyFirst(relation: Relation): Pg2anyError {
    this.ports.wantsCopy(relation.oid);
    return copiedFirst(relation);
  }

  /** Noted at the destination first: whatever happens now, the next attempt copies the table. */
  private async copyAgain(relation: Relation, columns: readonly number[]): Promise<Pg2anyError> {
    const { tables, destination, emit, wantsCopy } = this.ports;
    if (!tables.copies) return unsentValues(relation, columns);
    await destination.uncopy(relation, columns);
    wantsCopy(relation.oid);
    const table = relationName(relation);
    const message = `${unsentReason(relation, columns)}: the table is copied again`;
    emit({ severity: 'warn', event: 'table.uncopied', message, data: { table } });
    return new Pg2anyError('STREAM_RESTART', `${table} has to be copied again`);
  }

  private next(): ReadyBatch | null {
    const batch = this.batcher.take();
    if (batch) {
      this.ports.counters.idle = false;
      this.idle.busy(performance.now());
      this.room?.();
      return batch;
    }
    if (!this.batcher.empty) return null;
    this.ports.counters.idle = !this.ports.gate.closed;
    const end = this.idle.due(this.flushed, performance.now());
    return end === null
      ? null
      : { changes: [], rows: 0, bytes: 0, transactions: 0, commitTime: null, end, relations: new Set<Relation>() };
  }

  private durable(flushed: Lsn): void {
    this.flushed = maxLsn(this.flushed, flushed);
    this.ports.counters.flushed = this.flushed;
    this.ports.stream.acknowledge(this.flushed);
    if (this.reached()) this.stop.abort();
  }

  private reached(): boolean {
    return this.ports.until !== null && this.flushed >= this.ports.until;
  }

  private async untilRoom(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.stop.signal.removeEventListener('abort', done);
        this.room = null;
        resolve();
      };
      this.room = done;
      this.stop.signal.addEventListener('abort', done);
      this.applier.kick((error) => this.failed(error));
    });
  }

  /** Ends it as a failure of its own would: what is in hand is written first. */
  interrupt(why: Pg2anyError): void {
    if (!this.stop.signal.aborted) this.failed(why);
  }

  private failed(error: unknown): void {
    this.failure = error;
    this.stop.abort();
  }
}

const routedTo = (change: RowChange | Inserts, relation: Relation): RowChange | Inserts =>
  relation === change.relation ? change : (change.onto?.(relation) ?? { ...change, relation });
