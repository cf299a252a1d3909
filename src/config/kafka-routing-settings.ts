import { z } from 'zod';
import { DEFAULT_KAFKA } from '../model/kafka.ts';
import { type Kind, name, pairs } from './kinds.ts';
import { setting } from './setting.ts';
import { parseTableNames } from './table-names.ts';

const TOPIC = name(
  /^(?:[A-Za-z0-9._-]|\{prefix\}|\{schema\}|\{table\}){1,249}$/,
  'may have letters, digits, dots, dashes, underscores, {prefix}, {schema} and {table}',
);

/** What a topic may be called, `{prefix}` aside. https://kafka.apache.org/documentation/#intro_concepts_and_terms */
const TOPIC_OF_TABLE = /^(?!\.{1,2}$)(?:[A-Za-z0-9._-]|\{prefix\}){1,249}$/;

type Texts = Readonly<Record<string, string>>;

/** The problem with a pair that is wrong; null: it is none. */
type Judge = (table: string, text: string) => string | null;

function read(raw: unknown, example: string, judge: Judge): ReadonlyMap<string, string> | string {
  const given = typeof raw === 'string' ? pairs(raw.trim()) : raw;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return `must be pairs such as ${example}, each table once`;
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(given)) {
    const table = parseTableNames([key]);
    const [one, ...more] = table.ok ? (table.names ?? []) : [];
    if (one === undefined || more.length > 0)
      return `has ${JSON.stringify(key)}, which is no table: write schema.table, as in ${example}`;
    if (found.has(one)) return `has ${one} twice`;
    const problem = typeof value === 'string' ? judge(one, value) : `has ${one}, which must be text as in ${example}`;
    if (problem !== null) return problem;
    found.set(one, String(value));
  }
  return found;
}

/** A text for each of some tables, as pairs or as a mapping. */
const byTable = (title: string, example: string, judge: Judge): Kind<ReadonlyMap<string, string>, Texts> => ({
  name: title,
  schema: z.unknown().transform((raw, context) => {
    const found = read(raw, example, judge);
    if (typeof found !== 'string') return found;
    context.issues.push({ code: 'custom', message: found, input: raw });
    return z.NEVER;
  }) as unknown as z.ZodType<ReadonlyMap<string, string>, Texts>,
});

const columnsOfTables = byTable('pairs table:column', 'public.orders:customer_id', (table, text) =>
  text === '' ? `names no column of ${table}` : null,
);

const topicsOfTables = byTable('pairs table:topic', 'public.orders:orders', (table, text) =>
  TOPIC_OF_TABLE.test(text)
    ? null
    : `has ${JSON.stringify(text)} for ${table}: a topic may have at most 249 letters, digits, dots, dashes, underscores and {prefix}`,
);

/** Which topic and which partition an event goes to. */
export const ROUTING_SETTINGS = {
  'kafka.topic': setting({
    kind: TOPIC,
    env: ['CDC_KAFKA_TOPIC'],
    fallback: DEFAULT_KAFKA.topic,
    doc: 'Topic of a table. Without `{table}` several tables share one.',
  }),
  'kafka.topics': setting({
    kind: topicsOfTables,
    env: ['CDC_KAFKA_TOPICS'],
    fallback: null,
    fallbackText: 'as `kafka.topic`',
    doc: 'Tables whose topic is called otherwise, such as `public.orders:orders`. May have `{prefix}`. Tables that are given the same topic share it.',
  }),
  'kafka.partitionBy': setting({
    kind: columnsOfTables,
    env: ['CDC_KAFKA_PARTITION_BY'],
    fallback: null,
    fallbackText: 'the key',
    doc: 'Tables whose partition is chosen by a column instead of the key, such as `public.items:order_id`.',
  }),
};
