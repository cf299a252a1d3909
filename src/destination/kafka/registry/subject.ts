import type { RegistrySettings } from '../../../model/kafka.ts';

/** https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#sr-schemas-subject-name-strategy */
export function subjectOf(
  strategy: RegistrySettings['subject'],
  topic: string,
  role: 'key' | 'value',
  record: string,
): string {
  switch (strategy) {
    case 'topic':
      return `${topic}-${role}`;
    case 'record':
      return record;
    case 'topic-record':
      return `${topic}-${record}`;
  }
}
