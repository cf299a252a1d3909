import { asPg2anyError, Pg2anyError } from '../../../model/error.ts';
import type { Finding } from '../../../model/finding.ts';
import type { RegistrySettings } from '../../../model/kafka.ts';
import { type Relation, relationName } from '../../../model/relation.ts';
import { topicOf } from '../encoding/topics.ts';
import type { EventOptions } from '../options.ts';
import type { RegistryClient, SubjectSchema } from './client.ts';
import { remedy } from './errors.ts';

/** Tables that share a topic cannot share a subject too: each would be the next version of the other. */
export function admitSubjects(
  relations: readonly Relation[],
  options: EventOptions,
  subject: RegistrySettings['subject'],
): void {
  if (subject !== 'topic') return;
  const first = new Map<string, Relation>();
  for (const relation of relations) {
    const topic = topicOf(relation, options);
    const other = first.get(topic);
    if (other)
      throw new Pg2anyError(
        'TABLE_UNSUITABLE',
        `${relationName(other)} and ${relationName(relation)} share the topic ${topic}, and so the subject of their schemas`,
        { hint: 'Set kafka.registry.subject to topic-record, or give each table a topic of its own.' },
      );
    first.set(topic, relation);
  }
}

const finding = (severity: Finding['severity'], message: string, text?: string): Finding => ({
  check: 'schema_registry',
  severity,
  message,
  ...(text ? { fix: { side: 'config', sql: [], text } } : {}),
});

/** Whether the registry answers, lets us in, and would take the schemas. */
export async function inspectRegistry(
  client: RegistryClient,
  type: SubjectSchema['type'],
  tables: readonly (readonly SubjectSchema[])[],
): Promise<readonly Finding[]> {
  try {
    const types = await client.types();
    if (!types.includes(type))
      return [finding('block', `the schema registry at ${client.display} does not take ${type} schemas`)];
    const refusals: Finding[] = [];
    for (const schema of tables.flat()) refusals.push(...(await inspectSchema(client, schema)));
    return [finding('ok', `the schema registry at ${client.display} answers`), ...refusals];
  } catch (error) {
    const { message, hint } = asPg2anyError(error);
    return [finding('block', message, hint)];
  }
}

async function inspectSchema(client: RegistryClient, schema: SubjectSchema): Promise<readonly Finding[]> {
  if (await client.has(schema)) return [];
  const { subject } = schema;
  if (!client.autoRegister) return [finding('block', `${subject} does not have the schema`, remedy(404, subject))];
  const reason = await client.incompatibility(schema);
  return reason === null
    ? []
    : [finding('block', `${subject} would refuse the schema: ${reason}`, remedy(409, subject))];
}
