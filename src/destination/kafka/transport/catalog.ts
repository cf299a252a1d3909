import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { Pg2anyError } from '../../../model/error.ts';
import type { KafkaSettings } from '../../../model/kafka.ts';
import { asking } from './errors.ts';

type Settings = Pick<KafkaSettings, 'partitions' | 'replication' | 'cleanup' | 'checkpointTopic' | 'maxMessageBytes'>;

/** Only closed segments are compacted, and all that is left is read at every start: they are closed early. */
const COMPACTED = {
  'cleanup.policy': 'compact',
  // whatever brokers do by default: it is read at every start
  'compression.type': 'uncompressed',
  'segment.bytes': '1048576',
  'min.cleanable.dirty.ratio': '0.1',
  'delete.retention.ms': '60000',
};

/** So often a new topic is asked for, and so long apart, ms. */
const LOOKS = 50;
const APART = 100;

/** The topics that there are, and the making of new ones. */
export class Catalog {
  private readonly admin: Admin;
  private readonly settings: Settings;
  private readonly create: boolean;
  private known: Set<string> | null = null;

  constructor(admin: Admin, settings: Settings, create: boolean) {
    this.admin = admin;
    this.settings = settings;
    this.create = create;
  }

  async has(topic: string): Promise<boolean> {
    this.known ??= new Set(await asking('listing topics', () => this.admin.listTopics()));
    return this.known.has(topic);
  }

  /** True when it was created, with `only` so many partitions. Throws TABLE_MISSING where it may not be. */
  async ensure(topic: string, only: number | null = null): Promise<boolean> {
    if (await this.has(topic)) return false;
    if (!this.create)
      throw new Pg2anyError('TABLE_MISSING', `the topic ${topic} does not exist`, {
        hint: 'Create it, or set CDC_AUTO_CREATE_TABLES=true.',
      });
    const { cleanup, maxMessageBytes, partitions } = this.settings;
    await this.make(topic, only ?? partitions, {
      'cleanup.policy': cleanup,
      'max.message.bytes': String(maxMessageBytes + 4096),
    });
    return true;
  }

  /** One partition, so that its records have one order; compacted, so that it stays small. */
  async ensureCheckpoints(): Promise<void> {
    const { checkpointTopic } = this.settings;
    if (!(await this.has(checkpointTopic))) await this.make(checkpointTopic, 1, COMPACTED);
  }

  private async make(
    topic: string,
    partitions: number | null,
    config: Readonly<Record<string, string>>,
  ): Promise<void> {
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const one = {
      topic,
      configEntries,
      numPartitions: partitions ?? -1,
      replicationFactor: this.settings.replication ?? -1,
    };
    await asking(`creating the topic ${topic}`, async () => {
      await this.admin.createTopics({ topics: [one], waitForLeaders: false });
      await this.heardOf(topic);
    });
    this.known?.add(topic);
  }

  /** A broker hears of a new topic a moment after the controller made it; kafkajs gives up at once where it has not yet. */
  private async heardOf(topic: string): Promise<void> {
    for (let look = 1; ; look += 1) {
      try {
        await this.admin.fetchTopicMetadata({ topics: [topic] });
        return;
      } catch (error) {
        if (look === LOOKS || (error as { type?: unknown }).type !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
        await pause(APART);
      }
    }
  }
}
