import type { PgType } from '../../model/relation.ts';

/**
 * Kinds of types that a destination may want to map differently. `text` is anything that is text without a declared
 * length; `label` is short text of at most 63 bytes; `opaque` is everything pg2any knows nothing special about: its
 * PostgreSQL text is kept.
 */
export type Family =
  | 'int2'
  | 'int4'
  | 'int8'
  | 'oid'
  | 'xid8'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'money'
  | 'bool'
  | 'char'
  | 'varchar'
  | 'text'
  | 'name'
  | 'enum'
  | 'quotedChar'
  | 'bytea'
  | 'date'
  | 'time'
  | 'timetz'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'jsonb'
  | 'xml'
  | 'bit'
  | 'varbit'
  | 'inet'
  | 'macaddr'
  | 'macaddr8'
  | 'shape'
  | 'lsn'
  | 'tid'
  | 'array'
  | 'shortRange'
  | 'range'
  | 'composite'
  | 'hstore'
  | 'vector'
  | 'geometry'
  | 'opaque';

const BUILTIN: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['int2', 'int2'],
  ['int4', 'int4'],
  ['int8', 'int8'],
  ['oid', 'oid'],
  ['xid', 'oid'],
  ['cid', 'oid'],
  ['xid8', 'xid8'],
  ['float4', 'float4'],
  ['float8', 'float8'],
  ['numeric', 'numeric'],
  ['money', 'money'],
  ['bool', 'bool'],
  ['text', 'text'],
  ['name', 'name'],
  ['char', 'quotedChar'],
  ['bytea', 'bytea'],
  ['date', 'date'],
  ['time', 'time'],
  ['timetz', 'timetz'],
  ['timestamp', 'timestamp'],
  ['timestamptz', 'timestamptz'],
  ['interval', 'interval'],
  ['uuid', 'uuid'],
  ['json', 'json'],
  ['jsonb', 'jsonb'],
  ['xml', 'xml'],
  ['bit', 'bit'],
  ['varbit', 'varbit'],
  ['inet', 'inet'],
  ['cidr', 'inet'],
  ['macaddr', 'macaddr'],
  ['macaddr8', 'macaddr8'],
  // path and polygon have any number of points: they stay opaque
  ['point', 'shape'],
  ['line', 'shape'],
  ['lseg', 'shape'],
  ['box', 'shape'],
  ['circle', 'shape'],
  ['pg_lsn', 'lsn'],
  ['tid', 'tid'],
  ['int4range', 'shortRange'],
  ['int8range', 'shortRange'],
  ['daterange', 'shortRange'],
  ['tsrange', 'shortRange'],
  ['tstzrange', 'shortRange'],
]);

/** Types of extensions, which may live in any schema. */
const EXTENSION: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['citext', 'text'],
  ['hstore', 'hstore'],
  ['vector', 'vector'],
  ['halfvec', 'vector'],
  ['geometry', 'geometry'],
  ['geography', 'geometry'],
]);

/** In the catalog these look like arrays (typcategory A), but their text is `1 2 3`. */
const NOT_ARRAYS: ReadonlySet<string> = new Set(['int2vector', 'oidvector']);

export function family(type: PgType): Family {
  switch (type.kind) {
    case 'enum':
      return 'enum';
    case 'composite':
      return 'composite';
    case 'multirange':
      return 'range';
    case 'range':
      return builtin(type) ?? 'range';
    case 'array':
      return type.element && !NOT_ARRAYS.has(type.name) ? 'array' : 'opaque';
    case 'base':
      return characterFamily(type) ?? builtin(type) ?? EXTENSION.get(type.name) ?? 'opaque';
  }
}

/** A type of the user may be called `date`: only pg_catalog's is one. */
const builtin = (type: PgType): Family | undefined =>
  type.schema === 'pg_catalog' ? BUILTIN.get(type.name) : undefined;

/** Without a declared length, varchar and bpchar are text; char(n) alone is padded. */
function characterFamily(type: PgType): Family | undefined {
  if (type.schema !== 'pg_catalog') return undefined;
  if (type.name === 'varchar') return type.typmod < 0 ? 'text' : 'varchar';
  if (type.name === 'bpchar') return type.typmod < 0 ? 'text' : 'char';
  return undefined;
}
