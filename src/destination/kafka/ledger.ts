import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import type { Checkpoint, SoughtStream, StreamIdentity, TableState } from '../../model/checkpoint.ts';
import { Pg2anyError } from '../../model/error.ts';
import type { KafkaSettings } from '../../model/kafka.ts';
import { type Lsn, maxLsn, ZERO_LSN } from '../../model/lsn.ts';
import type { Channel } from './transport/channel.ts';
import { readLog } from './transport/log-reader.ts';
import {
  type CheckpointRecord,
  claimRecord,
  markRecord,
  positionRecord,
  type Remembered,
  tableRecord,
} from './transport/records.ts';

const READ_MS = 60_000;

/** What the checkpoint topic remembers of one pipeline, and who owns it. */
export class Ledger {
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly topic: KafkaSettings['checkpointTopic'];
  /** Of this instance: whoever claims later writes another one. */
  private readonly token = randomUUID();
  private stream: StreamIdentity | null = null;
  private flushed: Lsn = ZERO_LSN;
  /** As it is written with the position. */
  private timeline: number | null = null;
  readonly tables = new Map<number, TableState>();
  /** Tables whose state is not written yet. */
  private readonly changed = new Set<number>();

  constructor(kafka: Kafka, admin: Admin, topic: string) {
    this.kafka = kafka;
    this.admin = admin;
    this.topic = topic;
  }

  /** Takes the fence: an earlier producer is fenced already, and sees by the claim that it has lost the pipeline. */
  async claim(channel: Channel, stream: StreamIdentity): Promise<Checkpoint | null> {
    await channel.commit([claimRecord(stream.slot, this.token)]);
    const remembered = await this.read(stream.slot, this.token);
    const { systemId } = remembered;
    if (systemId !== null && systemId !== stream.systemId) throw otherCluster(stream, systemId);
    this.stream = stream;
    this.load(remembered);
    return checkpointOf(remembered);
  }

  async begin(channel: Channel, flushed: Lsn): Promise<void> {
    await channel.commit([positionRecord(this.identity, flushed)]);
    this.flushed = flushed;
    this.timeline = this.identity.timeline ?? null;
  }

  async peek({ slot, systemId }: SoughtStream): Promise<Checkpoint | null> {
    const remembered = await this.read(slot, null);
    const same = systemId === null || remembered.systemId === systemId;
    return same ? checkpointOf(remembered) : null;
  }

  /** After a new connection: what is durable. Throws FENCED where another instance claimed the pipeline since. */
  async recover(channel: Channel): Promise<Lsn> {
    const mark = randomUUID();
    await channel.commit([markRecord(this.identity.slot, mark)]);
    const remembered = await this.read(this.identity.slot, mark);
    if (remembered.claim !== this.token)
      throw new Pg2anyError('FENCED', `another pg2any took over slot ${this.identity.slot}`);
    this.load(remembered);
    return this.flushed;
  }

  /** What has to be written with the events before `end`. */
  advance(end: Lsn): CheckpointRecord[] {
    const tables = [...this.changed].flatMap((oid) => this.tables.get(oid) ?? []);
    return [
      ...tables.map((state) => tableRecord(this.identity.slot, state)),
      positionRecord(this.identity, maxLsn(end, this.flushed)),
    ];
  }

  /** `advance` is durable. */
  advanced(end: Lsn): void {
    this.flushed = maxLsn(end, this.flushed);
    this.timeline = this.identity.timeline ?? null;
    this.changed.clear();
  }

  /** Written with the next commit. */
  remember(state: TableState): void {
    this.tables.set(state.oid, state);
    this.changed.add(state.oid);
  }

  tableRecord(state: TableState): CheckpointRecord {
    this.tables.set(state.oid, state);
    return tableRecord(this.identity.slot, state);
  }

  /** Of a copy. It may be ahead of the position, which is of the same timeline from then on. */
  copyRecords(state: TableState): CheckpointRecord[] {
    const { identity, timeline, flushed } = this;
    const followed = timeline === (identity.timeline ?? null) ? [] : [positionRecord(identity, flushed)];
    return [this.tableRecord(state), ...followed];
  }

  async forget(channel: Channel, slot: string): Promise<void> {
    const { keys } = await this.read(slot, null);
    await channel.commit(keys.map((key) => ({ key, value: null })));
  }

  private get identity(): StreamIdentity {
    if (!this.stream) throw new Pg2anyError('INTERNAL', 'the pipeline was not claimed');
    return this.stream;
  }

  private load({ flushed, timeline, tables }: Remembered): void {
    this.flushed = flushed ?? ZERO_LSN;
    this.timeline = timeline;
    for (const [oid, state] of tables) if (!this.changed.has(oid)) this.tables.set(oid, state);
  }

  private async read(slot: string, token: string | null): Promise<Remembered> {
    return await readLog(this.kafka, this.admin, { topic: this.topic, slot, token, timeoutMs: READ_MS });
  }
}

const checkpointOf = ({ flushed, timeline, tables }: Remembered): Checkpoint | null =>
  flushed === null ? null : { flushed, timeline, tables: [...tables.values()] };

const otherCluster = ({ slot, systemId }: StreamIdentity, other: string): Pg2anyError =>
  new Pg2anyError('SOURCE_CHANGED', `slot ${slot} was replicated from the cluster ${other}, but this is ${systemId}`);
