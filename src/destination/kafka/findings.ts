import { Pg2anyError } from '../../model/error.ts';
import type { Finding } from '../../model/finding.ts';
import type { KafkaSettings } from '../../model/kafka.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { CodingOptions } from './encoding/fields.ts';
import { topicOf } from './encoding/topics.ts';
import { admitOutbox, isOutbox } from './events/outbox.ts';
import { transactionTopicOf } from './events/transaction-events.ts';
import { inspectUnchanged } from './unchanged.ts';

type Settings = Pick<
  KafkaSettings,
  'topic' | 'topics' | 'partitionBy' | 'prefix' | 'delivery' | 'acks' | 'checkpointTopic' | 'outbox'
> &
  CodingOptions &
  Parameters<typeof transactionTopicOf>[0];

/** Tables by the topic that they would be sent to. */
function byTopic(relations: readonly Relation[], settings: Settings): Map<string, Relation[]> {
  const topics = new Map<string, Relation[]>();
  for (const relation of relations) {
    const topic = topicOf(relation, settings);
    topics.set(topic, [...(topics.get(topic) ?? []), relation]);
  }
  return topics;
}

/** A template without `{table}`, or one topic that is named for all of them, puts tables together on purpose. */
export function admitTopics(relations: readonly Relation[], settings: Settings): void {
  const outboxes = relations.filter((relation) => isOutbox(relation, settings));
  for (const one of outboxes) admitOutbox(one, settings.outbox);
  const tablesOnly = relations.filter((relation) => !outboxes.includes(relation));
  for (const [topic, tables] of byTopic(tablesOnly, settings)) {
    if (topic === settings.checkpointTopic)
      throw new Pg2anyError('TABLE_UNSUITABLE', `${topic} is the checkpoint topic and cannot take events too`);
    if (topic === transactionTopicOf(settings))
      throw new Pg2anyError(
        'TABLE_UNSUITABLE',
        `${topic} is the transaction topic and cannot take events of tables too`,
        {
          hint: 'Choose another kafka.transactionTopic.',
        },
      );
    const named = tables.every((table) => settings.topics.has(relationName(table)));
    if (tables.length > 1 && settings.topic.includes('{table}') && !named)
      throw new Pg2anyError(
        'TABLE_UNSUITABLE',
        `${tables.map(relationName).join(' and ')} would share the topic ${topic}`,
        {
          hint: 'Choose a kafka.topic that keeps them apart, give one of them another with kafka.topics, or leave one out with CDC_TABLES.',
        },
      );
  }
}

/** What is promised, for people. */
export function promiseOf({ delivery, acks }: Pick<KafkaSettings, 'delivery' | 'acks'>): string {
  if (delivery === 'exactly-once') return 'transactions with the checkpoint';
  const again = 'at least once: after a failure events may come again';
  return acks === 'all' ? again : `${again}, and a leader that fails may lose some`;
}

export function inspectTopics(relations: readonly Relation[], settings: Settings): Finding[] {
  const once: Finding =
    settings.delivery === 'exactly-once'
      ? { check: 'kafka_delivery', severity: 'ok', message: 'events and checkpoint go in one transaction' }
      : {
          check: 'kafka_delivery',
          severity: 'warn',
          message: promiseOf(settings),
          fix: { side: 'config', sql: [], text: 'Set kafka.delivery to exactly-once.' },
        };
  const tables = relations.filter((one) => !isOutbox(one, settings));
  const unkeyed = tables.filter((one) => one.identity !== 'key');
  return [
    once,
    ...absentOutboxes(relations, settings),
    ...absentTables(relations, 'kafka.topics', settings.topics),
    ...absentTables(relations, 'kafka.partitionBy', settings.partitionBy),
    ...unkeyed.map(
      (relation): Finding => ({
        check: 'kafka_key',
        severity: 'warn',
        table: relationName(relation),
        message: `${relationName(relation)} has no key: its events have none either, and all go to one partition`,
        fix: { side: 'source', sql: [], text: 'Give the table a primary key.' },
      }),
    ),
    ...inspectUnchanged(tables, settings),
  ];
}

/** An outbox that is not replicated makes no events. */
function absentOutboxes(relations: readonly Relation[], { outbox }: Settings): Finding[] {
  const there = new Set(relations.map(relationName));
  return outbox.tables
    .filter((table) => !there.has(table))
    .map((table) => ({
      ...{ check: 'kafka_outbox', severity: 'warn', table },
      message: `${table} is an outbox, but is not among the tables: its rows make no events`,
      fix: { side: 'config', sql: [], text: 'Name it in CDC_TABLES too, or correct kafka.outbox.tables.' },
    }));
}

/** A misspelt name would do nothing, unseen. */
const absentTables = (
  relations: readonly Relation[],
  setting: string,
  named: ReadonlyMap<string, string>,
): readonly Finding[] =>
  [...named.keys()]
    .filter((table) => !relations.some((relation) => relationName(relation) === table))
    .map((table) => ({
      ...{ check: 'kafka_routing', severity: 'warn', table },
      message: `${setting} names ${table}, which is not among the tables`,
      fix: { side: 'config', sql: [], text: `Correct ${setting}, or name the table in CDC_TABLES too.` },
    }));
