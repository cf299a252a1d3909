import type { Admin, Kafka } from 'kafkajs';
import type { Batch } from '../../model/batch.ts';
import type { Checkpoint, SoughtStream, StreamIdentity, TableState } from '../../model/checkpoint.ts';
import type {
  ColumnMapping,
  Destination,
  LostValues,
  Prepared,
  Preview,
  ServerInfo,
  Settled,
  TableCopy,
  TablePlan,
  TableReader,
  TableToPlan,
  Warning,
} from '../../model/destination.ts';
import { asPg2anyError, Pg2anyError } from '../../model/error.ts';
import type { Finding } from '../../model/finding.ts';
import type { KafkaSettings } from '../../model/kafka.ts';
import type { Lsn } from '../../model/lsn.ts';
import { DEFAULT_RULES, type ValueRules } from '../../model/mapping.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { Row } from '../../model/value.ts';
import { exclusive } from '../exclusive.ts';
import type { Encoding } from './encoding/encoding.ts';
import { encodingOf } from './encodings.ts';
import { Events } from './events/events.ts';
import { isOutbox, placeOf } from './events/outbox.ts';
import type { EventSource } from './events/table-events.ts';
import { transactionTopicOf } from './events/transaction-events.ts';
import { admitTopics, inspectTopics, promiseOf } from './findings.ts';
import { Ledger } from './ledger.ts';
import { Lost } from './lost.ts';
import { mappingOf, roadOf } from './mapping.ts';
import { planOf } from './plan.ts';
import { previewOf } from './preview.ts';
import { shapeOf } from './remembered-shape.ts';
import { KafkaCopy } from './table-copy.ts';
import { Catalog } from './transport/catalog.ts';
import { Channel } from './transport/channel.ts';
import { type Address, openClient } from './transport/client.ts';
import { loadCompression } from './transport/compression.ts';
import { asking } from './transport/errors.ts';
import { Linger } from './transport/linger.ts';
import type { Message } from './transport/message.ts';
import { Warnings } from './transport/warnings.ts';

export interface KafkaDestinationOptions extends Address {
  readonly settings: KafkaSettings;
  readonly autoCreateTables: boolean;
  readonly rules?: ValueRules;
}

/** Every change as an event, and the checkpoint with it, in one Kafka transaction. */
export class KafkaDestination implements Destination {
  readonly wantsParts = true;
  private readonly settings: KafkaSettings;
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly ledger: Ledger;
  private readonly catalog: Catalog;
  private readonly encoding: Encoding;
  private readonly events: Events;
  /** Copies share the one transaction that a producer can have. */
  private readonly oneAtATime = exclusive();
  private readonly warnings = new Warnings('outbox.skipped');
  private readonly lost = new Lost();
  private readonly linger: Linger;
  /** More pieces of a source transaction follow. */
  private unfinished = false;
  private channel: Channel | null = null;
  private connected = false;
  private slot: string | null = null;

  constructor(options: KafkaDestinationOptions) {
    const { settings } = options;
    this.settings = settings;
    this.kafka = openClient(options, settings);
    this.admin = this.kafka.admin();
    this.ledger = new Ledger(this.kafka, this.admin, settings.checkpointTopic);
    this.catalog = new Catalog(this.admin, settings, options.autoCreateTables);
    this.linger = new Linger(settings.lingerMs);
    this.encoding = encodingOf(settings, options);
    this.events = new Events(
      settings,
      {
        rules: options.rules ?? DEFAULT_RULES,
        warn: (message) => this.warnings.add(message),
        replaced: (relation, column) => this.lost.add(relation, column),
      },
      this.encoding,
    );
  }

  async connect(): Promise<ServerInfo> {
    await this.reach();
    const { brokers } = await asking('asking for the cluster', () => this.admin.describeCluster());
    await loadCompression(this.settings.compression);
    const road = promiseOf(this.settings);
    return { product: 'Kafka', version: `(${brokers.length} broker${brokers.length === 1 ? '' : 's'})`, road };
  }

  async companions(): Promise<readonly string[]> {
    return await this.encoding.companions();
  }

  async claim(stream: StreamIdentity): Promise<Checkpoint | null> {
    await this.reach();
    await this.catalog.ensureCheckpoints();
    const transactions = transactionTopicOf(this.settings);
    if (transactions !== null) {
      await this.catalog.ensure(transactions, 1);
      await this.encoding.ready('transaction');
    }
    this.slot = stream.slot;
    return await this.ledger.claim(await this.open(), stream);
  }

  async begin(flushed: Lsn): Promise<void> {
    await this.ledger.begin(await this.open(), flushed);
  }

  async peek(stream: SoughtStream): Promise<Checkpoint | null> {
    await this.reach();
    return (await this.catalog.has(this.settings.checkpointTopic)) ? await this.ledger.peek(stream) : null;
  }

  async prepare(relation: Relation): Promise<Prepared> {
    const { topic } = await this.eventsOf(relation);
    const created = topic !== null && (await this.catalog.ensure(topic));
    const known = this.ledger.tables.get(relation.oid);
    const shape = shapeOf(relation, known);
    if (known && shape) this.ledger.remember({ ...known, schema: relation.schema, name: relation.name, shape });
    const action = created ? 'created' : known ? 'unchanged' : 'adopted';
    return {
      action,
      kind: 'topic',
      table: placeOf(relation, this.settings),
      sql: [],
      road: roadOf(relation, this.settings),
    };
  }

  /** Events say what a row is called: there is nothing to follow. */
  async settle(): Promise<Settled> {
    return { done: [], waiting: false };
  }

  async uncopy(relation: Relation): Promise<void> {
    const known = this.ledger.tables.get(relation.oid);
    if (!known) return;
    await this.abandon();
    await (await this.open()).commit([this.ledger.tableRecord({ ...known, state: 'copying' })]);
  }

  mapping(relation: Relation): readonly ColumnMapping[] {
    return mappingOf(relation, this.settings);
  }

  admit(relations: readonly Relation[]): void {
    admitTopics(relations, this.settings);
    this.encoding.admit(relations);
  }

  async plan(tables: readonly TableToPlan[]): Promise<readonly TablePlan[]> {
    await this.reach();
    return await Promise.all(
      tables.map(({ relation }) => planOf(relation, this.settings, (topic) => this.catalog.has(topic))),
    );
  }

  async inspect(tables: readonly TableToPlan[]): Promise<readonly Finding[]> {
    const relations = tables.map(({ relation }) => relation);
    return [...inspectTopics(relations, this.settings), ...(await this.encoding.inspect(relations))];
  }

  async copy(relation: Relation, state: TableState): Promise<TableCopy> {
    const table = await this.eventsOf(relation);
    const remember = async (next: TableState, messages: Iterable<Message>): Promise<void> => {
      const channel = await this.open();
      await channel.send(messages);
      await channel.commit(this.ledger.copyRecords(next));
      this.lost.commit();
    };
    const first = { ...state, shape: shapeOf(relation, undefined) };
    return new KafkaCopy(table, first, this.ledger.tables.get(relation.oid), (next, messages) =>
      this.oneAtATime(() => this.guarded(() => remember(next, messages))),
    );
  }

  async apply(batch: Batch): Promise<void> {
    await this.guarded(async () => {
      if (!this.unfinished) await this.linger.rest();
      this.unfinished = batch.end === null;
      const channel = await this.open();
      if (this.events.hasMessages(batch)) await this.encoding.ready('message');
      await channel.send(this.events.of(batch, Date.now()));
      if (batch.end === null) return;
      await channel.commit(this.ledger.advance(batch.end));
      this.ledger.advanced(batch.end);
      this.lost.commit();
    });
  }

  takeLost(): readonly LostValues[] {
    return this.lost.take();
  }

  takeWarnings(): readonly Warning[] {
    return this.warnings.take();
  }

  async reconnect(): Promise<Lsn> {
    await this.close();
    await this.reach();
    return await this.ledger.recover(await this.open());
  }

  preview(relation: Relation, rows: readonly Row[]): Preview {
    return previewOf(relation, rows, this.settings);
  }

  reader(relation: Relation): TableReader {
    throw new Pg2anyError(
      'DESTINATION_UNSUITABLE',
      `${relationName(relation)}: a topic holds events, not rows to compare`,
    );
  }

  async forget({ slot }: StreamIdentity): Promise<void> {
    await this.reach();
    if (!(await this.catalog.has(this.settings.checkpointTopic))) return;
    this.slot = slot;
    await this.ledger.forget(await this.open(), slot);
  }

  async close(): Promise<void> {
    await this.drop();
    if (this.connected) await this.admin.disconnect().catch(() => undefined);
    this.connected = false;
  }

  private async eventsOf(relation: Relation): Promise<EventSource> {
    const known = this.events.known(relation);
    if (known) return known;
    const writing = isOutbox(relation, this.settings) ? undefined : await this.encoding.table(relation);
    return this.events.prepare(relation, writing);
  }

  private async reach(): Promise<void> {
    if (this.connected) return;
    await asking('connecting', () => this.admin.connect());
    this.connected = true;
  }

  private async open(): Promise<Channel> {
    if (this.slot === null) throw new Pg2anyError('INTERNAL', 'events are written before the pipeline was claimed');
    this.channel ??= await Channel.open(this.kafka, this.slot, {
      ...this.settings,
      codec: await loadCompression(this.settings.compression),
      admit: (topic) => this.catalog.ensure(topic),
    });
    return this.channel;
  }

  /** A failed producer is given up: the next one begins where the last commit is. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.abandon();
      await this.drop();
      throw asPg2anyError(error);
    }
  }

  private async abandon(): Promise<void> {
    this.again();
    await this.channel?.abort().catch(() => undefined);
  }

  private async drop(): Promise<void> {
    this.unfinished = false;
    const { channel } = this;
    this.channel = null;
    this.again();
    await channel?.close();
  }

  /** What was not committed comes again. */
  private again(): void {
    this.events.reset();
    this.lost.reset();
  }
}
