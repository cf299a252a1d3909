import type { ColumnCodec } from '../../src/destination/contract.ts';
import { Pg2anyError } from '../../src/model/error.ts';
import type { PgType, Relation } from '../../src/model/relation.ts';
import { connectSource } from '../../src/source/connection.ts';
import { sourceOptions } from '../support/pipeline.ts';
import { relation } from '../support/relations.ts';
import type { EngineName } from '../support/type-vectors.ts';
import { dialectOf, refusal, rulesOf, type Sorted } from './value-tables.ts';

/** Values of a type that PostgreSQL takes for different keys. */
export interface Keys {
  readonly sorted: Sorted;
  readonly texts: readonly string[];
}

/** Base types without a btree operator class, which cannot be part of a primary key. */
const NO_KEY = new Set(
  'json xml point line lseg box path polygon circle cid xid jsonpath int2vector pg_snapshot'.split(' '),
);

/** NULL and JSON's own null are the same in an array of documents, as everywhere in JSON. */
const canBeKey = (type: PgType): boolean =>
  type.element ? type.element.name !== 'jsonb' && canBeKey(type.element) : !NO_KEY.has(type.name);

/**
 * What differs as text may be one key: 1.0 and 1.00. Asked of the server, which does not always read what it printed:
 * timestamp(0) rounds up to beyond its own end.
 */
export async function distinctKeys(
  url: string,
  engine: EngineName,
  sorted: readonly Sorted[],
): Promise<readonly Keys[]> {
  const client = await connectSource(sourceOptions(url));
  try {
    const keys: Keys[] = [];
    for (const one of sorted) {
      const { printed, taken } = one;
      const codec = canBeKey(printed.type) ? keyCodec(engine, one) : null;
      if (codec === null) continue;
      const texts = taken.map(({ text }) => text).filter((text) => refusal(codec, text) !== 'TEXT_KEY_TOO_LONG');
      const { type } = printed.test;
      const sql = `SELECT DISTINCT ON (u::${type}) u FROM unnest($1::text[]) AS u WHERE pg_input_is_valid(u, $2)`;
      const { rows } = await client.query({ text: sql, rowMode: 'array', values: [texts, type] });
      keys.push({ sorted: one, texts: (rows as [string][]).map(([text]) => text) });
    }
    return keys;
  } finally {
    await client.end();
  }
}

/** The key is the last column, as in tables of values. */
export function keyTable(name: string, type: PgType): Relation {
  const base = relation(name, ['v text', 'k text'], ['k']);
  return { ...base, columns: base.columns.map((column, i) => (i === 1 ? { ...column, type } : column)) };
}

/** Null where a type can be chosen outside of a key only. */
function keyCodec(engine: EngineName, one: Sorted): ColumnCodec | null {
  const table = keyTable('alone', one.printed.type);
  try {
    return dialectOf(engine, rulesOf([{ relation: table, sorted: [one] }])).codecs(table)[1] ?? null;
  } catch (error) {
    if (error instanceof Pg2anyError && error.code === 'CONFIG_INVALID') return null;
    throw error;
  }
}
