import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PgType } from '../../src/model/relation.ts';

/** A text over 2,000 characters, kept as its length and SHA-256. */
export interface Omitted {
  readonly omitted: true;
  readonly chars: number;
  readonly sha256: string;
}

export type Text = string | null | Omitted;

export type EngineName = 'mysql' | 'mariadb' | 'sqlite' | 'sqlserver';

export interface Expectation {
  readonly type: string;
  readonly expectedText?: Text;
  readonly unrepresentable?: string;
}

export interface Vector extends Readonly<Record<EngineName, Expectation>> {
  readonly id: number;
  readonly pgType: string;
  /** SQL expression of the value at the source. */
  readonly literal: string;
  readonly pgText: Text;
  readonly base: {
    readonly type: string;
    readonly typname: string;
    readonly typmod: number;
    readonly category: string;
    readonly typtype: string;
    readonly elem?: string;
    readonly elemDelim?: string;
  };
}

export interface KeyPair {
  readonly pgType: string;
  readonly pgText: readonly [string, string];
  readonly note: string;
}

const file = JSON.parse(readFileSync(new URL('../fixtures/type-vectors.json', import.meta.url), 'utf8'));
export const vectors: readonly Vector[] = file.vectors;
export const keyPairs: readonly KeyPair[] = file.keyPairs;

/** Texts the file leaves out: repetitions, found again by length and hash. */
const LONG = ['x'.repeat(20_000), 'x'.repeat(70_000), `\\x${'ab'.repeat(1_000_000)}`];

export const isOmitted = (text: Text): text is Omitted => typeof text === 'object' && text !== null;

export const sameText = (expected: Text, found: string | null): boolean =>
  isOmitted(expected) ? found !== null && sha256(found) === expected.sha256 : expected === found;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The source text of a vector, made again where the file omits it; throws where that cannot be done. */
export function sourceText(vector: Vector): string | null {
  const { pgText } = vector;
  if (!isOmitted(pgText)) return pgText;
  const found = LONG.find((text) => text.length === pgText.chars && sha256(text) === pgText.sha256);
  if (found === undefined) throw new Error(`vector ${vector.id}: nobody knows the text with hash ${pgText.sha256}`);
  return found;
}

const EXTENSION = new Set(
  'citext hstore ltree lquery cube isbn13 seg vector halfvec sparsevec geometry geography'.split(' '),
);
const KINDS: Readonly<Record<string, PgType['kind']>> = {
  b: 'base',
  e: 'enum',
  c: 'composite',
  r: 'range',
  m: 'multirange',
};
const USER = new Set(['mood', 'addr', 'nested', 'textrange']);

const schemaOf = (name: string): string => (EXTENSION.has(name) || USER.has(name) ? 'public' : 'pg_catalog');

/** What the catalog says of a vector's column, domains resolved. */
export function typeOf({ base, pgType }: Vector): PgType {
  const { typname, typmod, typtype, category } = base;
  const common = { oid: 0, typmod, display: pgType };
  if (category === 'A' && typname.startsWith('_')) {
    const name = typname.slice(1);
    const kind = name === 'mood' ? 'enum' : name.endsWith('range') ? 'range' : 'base';
    const element: PgType = { ...common, schema: schemaOf(name), name, kind, delimiter: base.elemDelim ?? ',' };
    return { ...common, schema: schemaOf(name), name: typname, kind: 'array', element };
  }
  return { ...common, schema: schemaOf(typname), name: typname, kind: KINDS[typtype] ?? 'base', delimiter: ',' };
}

const BY_NAME: ReadonlyMap<string, PgType> = new Map(vectors.map((vector) => [vector.pgType, typeOf(vector)]));

/** The type of a key pair: one that some vector has, or a plain built-in one. */
export function keyTypeOf({ pgType }: KeyPair): PgType {
  const known = BY_NAME.get(pgType);
  if (known) return known;
  const length = /^varchar\((\d+)\)$/.exec(pgType)?.[1];
  if (length)
    return {
      oid: 1043,
      schema: 'pg_catalog',
      name: 'varchar',
      kind: 'base',
      typmod: Number(length) + 4,
      display: pgType,
    };
  const shape = /^numeric\((\d+),(\d+)\)$/.exec(pgType);
  const typmod = shape ? ((Number(shape[1]) << 16) | Number(shape[2])) + 4 : -1;
  return { oid: 0, schema: schemaOf(pgType), name: shape ? 'numeric' : pgType, kind: 'base', typmod, display: pgType };
}
