import type { Column, PgType, Relation } from '../../src/model/relation.ts';

const OIDS: Record<string, number> = { int4: 23, int8: 20, text: 25, bool: 16, numeric: 1700, jsonb: 3802 };

/** A built-in type by its catalog name. */
export function pgType(name: string, typmod = -1): PgType {
  return { oid: OIDS[name] ?? 0, schema: 'pg_catalog', name, kind: 'base', typmod, display: name };
}

export function column(name: string, type = 'text', attnum: number | null = null): Column {
  return { name, type: pgType(type), notNull: false, attnum };
}

let nextOid = 16384;

/** A table `public.<name>` with columns `['id int4', 'name text']` and its key by column names; none: no key. */
export function relation(name: string, columns: readonly string[], key: readonly string[] | 'row' | 'none'): Relation {
  const parsed = columns.map((text, index) =>
    column(text.split(' ')[0] ?? '', text.split(' ')[1] ?? 'text', index + 1),
  );
  const names = parsed.map((one) => one.name);
  nextOid += 1;
  return {
    oid: nextOid,
    schema: 'public',
    name,
    target: { schema: null, name },
    replicaIdentity: key === 'row' ? 'full' : 'default',
    columns: parsed,
    identity: typeof key === 'string' ? key : 'key',
    key: key === 'row' ? names.map((_, index) => index) : key === 'none' ? [] : key.map((one) => names.indexOf(one)),
  };
}
