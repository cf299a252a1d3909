import { type Relation, relationName } from '../../../model/relation.ts';
import type { EventOptions } from '../options.ts';

/** What a topic name may hold: https://kafka.apache.org/documentation/#configuration (topic naming). */
const FORBIDDEN = /[^A-Za-z0-9._-]/g;
const LONGEST = 249;

/** As Debezium names topics: every character that Kafka does not take becomes an underscore. */
export const safeName = (name: string): string => name.replaceAll(FORBIDDEN, '_').slice(0, LONGEST);

/** The topic of a table. Two tables may share one: `admitTopics` tells. */
export function topicOf(
  relation: Pick<Relation, 'schema' | 'name'>,
  { topic, topics, prefix }: Pick<EventOptions, 'topic' | 'topics' | 'prefix'>,
): string {
  const { schema, name } = relation;
  const parts: Readonly<Record<string, string>> = { prefix, schema, table: name };
  const template = topics.get(relationName(relation)) ?? topic;
  return safeName(template.replaceAll(/\{(prefix|schema|table)\}/g, (_, part: string) => parts[part] ?? ''));
}

/** A name in a schema: a letter or underscore, then letters, digits and underscores, dots between its parts. */
export const schemaName = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll(/[^A-Za-z0-9_.]/g, '_').replace(/^(?=\d)/, '_')).join('.');
