import { DEFAULT_OUTBOX, type OutboxSettings } from '../model/outbox.ts';
import type { ResolvedMap } from './pieces.ts';
import type { Key, Values } from './settings.ts';

/** What Kafka is told of outboxes. */
export function outboxSettings(values: ResolvedMap): OutboxSettings {
  const value = <K extends Key>(key: K) => values.get(key)?.value as Values[K] | undefined;
  const usual = DEFAULT_OUTBOX;
  return {
    tables: value('kafka.outbox.tables') ?? usual.tables,
    messages: value('kafka.outbox.messages') ?? usual.messages,
    topic: value('kafka.outbox.topic') ?? usual.topic,
    columns: value('kafka.outbox.columns') ?? usual.columns,
    additional: value('kafka.outbox.additional') ?? usual.additional,
    tombstones: value('kafka.outbox.tombstones') ?? usual.tombstones,
    expandJson: value('kafka.outbox.expandJson') ?? usual.expandJson,
    invalid: value('kafka.outbox.invalid') ?? usual.invalid,
  };
}
