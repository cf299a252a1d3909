import type { Attribute, PgType } from '../model/relation.ts';
import { loadSql } from './sql.ts';

export type Query = (sql: string, params?: readonly unknown[]) => Promise<readonly Record<string, string | null>[]>;

interface TypeRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly category: string;
  readonly base: number;
  readonly baseTypmod: number;
  readonly element: number;
  readonly delimiter: string;
  readonly labels: readonly string[] | null;
  readonly labelIds: readonly number[] | null;
  readonly attributes: readonly AttributeRow[] | null;
}

interface AttributeRow {
  readonly name: string;
  readonly oid: number;
  readonly typmod: number;
}

const KINDS: Readonly<Record<string, PgType['kind']>> = { e: 'enum', c: 'composite', r: 'range', m: 'multirange' };

/** Category A, but their text is `1 2 3`, not an array literal. */
const VECTORS = new Set(['int2vector', 'oidvector']);

/** Types of one source database, read on demand and kept; domains resolve to what they are made of. */
export class TypeCatalog {
  private readonly rows = new Map<number, TypeRow>();
  private readonly query: Query;

  constructor(query: Query) {
    this.query = query;
  }

  /**
   * Reads the types and everything they are built from. `anew` also those that are known: enums get labels without
   * getting another OID.
   */
  async load(oids: readonly number[], anew = false): Promise<void> {
    const read = new Set<number>([0]);
    const wanted = (all: readonly number[]): readonly number[] =>
      [...new Set(all)].filter((oid) => !read.has(oid) && (anew || !this.rows.has(oid)));
    let missing = wanted(oids);
    while (missing.length > 0) {
      const found = await this.query(loadSql('types'), [`{${missing.join(',')}}`]);
      for (const row of found) this.remember(row);
      for (const oid of missing) read.add(oid);
      missing = wanted(
        found.flatMap((row) => [Number(row.base), Number(row.element), ...attributes(row).map(({ oid }) => oid)]),
      );
    }
  }

  /** A loaded type with its domains resolved; an unknown OID becomes a type without a name that is kept as text. */
  resolve(oid: number, typmod: number, display: string): PgType {
    const row = this.rows.get(oid);
    if (!row) return { oid, schema: 'pg_catalog', name: 'unknown', kind: 'base', typmod, display };
    if (row.kind === 'd') return this.resolve(row.base, typmod === -1 ? row.baseTypmod : typmod, display);
    const common = { oid, schema: row.schema, name: row.name, typmod, display, delimiter: row.delimiter };
    if (row.category === 'A' && row.element !== 0 && !VECTORS.has(row.name)) {
      const element = this.resolve(row.element, typmod, display.replace(/\[\]$/, ''));
      return { ...common, kind: 'array', element };
    }
    return {
      ...common,
      kind: KINDS[row.kind] ?? 'base',
      ...(row.labels ? { enumLabels: row.labels } : {}),
      ...(row.labelIds ? { enumIds: row.labelIds } : {}),
      ...(row.attributes ? { attributes: row.attributes.map((one) => this.attribute(one)) } : {}),
    };
  }

  private attribute({ name, oid, typmod }: AttributeRow): Attribute {
    return { name, type: this.resolve(oid, typmod, this.rows.get(oid)?.name ?? `type ${oid}`) };
  }

  private remember(row: Record<string, string | null>): void {
    const oid = Number(row.oid);
    this.rows.set(oid, {
      oid,
      schema: row.schema ?? '',
      name: row.name ?? '',
      kind: row.kind ?? 'b',
      category: row.category ?? 'U',
      base: Number(row.base),
      baseTypmod: Number(row.base_typmod),
      element: Number(row.element),
      delimiter: row.delimiter ?? ',',
      labels: row.labels ? (JSON.parse(row.labels) as string[]) : null,
      labelIds: row.label_ids ? (JSON.parse(row.label_ids) as number[]) : null,
      attributes: row.attributes ? attributes(row) : null,
    });
  }
}

const attributes = (row: Record<string, string | null>): readonly AttributeRow[] =>
  row.attributes ? (JSON.parse(row.attributes) as AttributeRow[]) : [];
