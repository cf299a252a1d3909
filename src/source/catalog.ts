import type { KnownColumn } from '../model/checkpoint.ts';
import { type Column, type Relation, type ReplicaIdentity, relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';
import { align, type NumberedColumn } from './align.ts';
import { rowIdentity } from './identity.ts';
import { loadSql } from './sql.ts';
import { type Query, TypeCatalog } from './types.ts';

/** A table as the stream or the catalog names it, before types and keys are resolved. */
export interface TableShape {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly replicaIdentity: ReplicaIdentity;
  readonly columns: readonly ShapeColumn[];
}

interface ShapeColumn {
  readonly name: string;
  readonly typeOid: number;
  readonly typmod: number;
  /** Part of the replica identity, by the stream; null when the catalog describes the table. */
  readonly key: boolean | null;
}

interface CatalogColumn {
  readonly attnum: number;
  readonly name: string;
  readonly typeOid: number;
  readonly typmod: number;
  readonly display: string;
  readonly notNull: boolean;
  readonly generated: boolean;
  readonly missing: string | null;
  readonly hasDefault: boolean;
}

interface CatalogTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: SourceTable['kind'];
  readonly replicaIdentity: ReplicaIdentity;
  readonly bytes: number;
  readonly estimatedRows: number | null;
  readonly primaryKey: readonly string[] | null;
  readonly identityIndex: readonly string[] | null;
  readonly columns: readonly CatalogColumn[];
  /** Names its files: others after every rewrite. */
  readonly storage: string;
  /** Attribute numbers of dropped columns. */
  readonly dropped: readonly number[];
}

/** What a table was before, as far as numbering its columns goes. */
export type Before = readonly Pick<KnownColumn, 'attnum' | 'name' | 'typeOid' | 'typmod'>[];

/** Which table, and what of it is published; `columns: null` is every column that is not generated. */
export interface TableRef {
  readonly oid: number;
  readonly columns: readonly string[] | null;
  readonly rowFilter: string | null;
}

const IDENTITIES: Readonly<Record<string, ReplicaIdentity>> = { d: 'default', n: 'nothing', f: 'full', i: 'index' };
const list = (text: string | null | undefined): string[] | null => (text ? (JSON.parse(text) as string[]) : null);
const array = (oids: readonly number[]): string => `{${oids.join(',')}}`;

/** Reads tables and types over a normal connection. The catalog is current, the stream is historic. */
export class Catalog {
  private readonly query: Query;
  private readonly types: TypeCatalog;

  constructor(query: Query) {
    this.query = query;
    this.types = new TypeCatalog(query);
  }

  /** Tables of a publication, in name order. `version` is server_version_num. */
  async published(publication: string, version: number): Promise<readonly SourceTable[]> {
    const sql = loadSql(version >= 150000 ? 'published-tables-pg15' : 'published-tables');
    const rows = await this.query(sql, [publication]);
    return await this.tables(
      rows.map((row) => ({ oid: Number(row.oid), columns: list(row.columns), rowFilter: row.row_filter ?? null })),
    );
  }

  /** Every table that could be published, in name order. */
  async userTables(): Promise<readonly SourceTable[]> {
    const rows = await this.query(loadSql('user-tables'));
    return await this.tables(rows.map((row) => ({ oid: Number(row.oid), columns: null, rowFilter: null })));
  }

  async tables(refs: readonly TableRef[]): Promise<readonly SourceTable[]> {
    const known = await this.read(refs.map((ref) => ref.oid));
    await this.types.load([...known.values()].flatMap((table) => table.columns.map((column) => column.typeOid)));
    return refs.flatMap((ref) => {
      const table = known.get(ref.oid);
      return table ? [this.sourceTable(table, ref)] : [];
    });
  }

  /**
   * Resolves what the stream's Relation message says, with what the catalog still knows about the table, and what it was
   * `before`, in the stream or at the destination.
   */
  async describe(shape: TableShape, before: Before | null = null): Promise<Relation> {
    const table = (await this.read([shape.oid])).get(shape.oid) ?? null;
    await this.types.load(
      [...shape.columns, ...(table?.columns ?? [])].map((column) => column.typeOid),
      true,
    );
    return this.relation(shape, table, before);
  }

  /** For columns added by ALTER TABLE … ADD COLUMN … DEFAULT: the value that older rows show, as text, by number. */
  async missingValues(oid: number): Promise<ReadonlyMap<number, string>> {
    const columns = (await this.read([oid])).get(oid)?.columns ?? [];
    return new Map(
      columns.flatMap((column) => (column.missing === null ? [] : [[column.attnum, column.missing] as const])),
    );
  }

  private sourceTable(table: CatalogTable, ref: TableRef): SourceTable {
    const columns = table.columns.filter((column) =>
      ref.columns ? ref.columns.includes(column.name) : !column.generated,
    );
    const shape = { ...table, columns: columns.map((column) => ({ ...column, key: null })) };
    const { kind, estimatedRows, bytes } = table;
    return { relation: this.relation(shape, table), kind, estimatedRows, bytes, rowFilter: ref.rowFilter };
  }

  private relation(shape: TableShape, table: CatalogTable | null, before: Before | null = null): Relation {
    const numbers = this.numbers(shape, table, before);
    const byNumber = new Map(table?.columns.map((column) => [column.attnum, column]));
    const columns = shape.columns.map((column, index) => this.column(column, numbers?.[index] ?? null, byNumber));
    const flagged = shape.columns.some((column) => column.key === null)
      ? null
      : shape.columns.filter((column) => column.key).map((column) => column.name);
    const { oid, schema, name, replicaIdentity } = shape;
    const nowCalled = new Map(columns.map((column) => [column.nowCalled ?? column.name, column.name]));
    const then = (names: readonly string[] | null | undefined) =>
      names?.map((one) => nowCalled.get(one) ?? one) ?? null;
    const facts = { replicaIdentity, primaryKey: then(table?.primaryKey), identityIndex: then(table?.identityIndex) };
    const identity = rowIdentity(
      { ...facts, flagged },
      columns.map((column) => column.name),
    );
    const target = { schema: schema === 'public' ? null : schema, name };
    const dropped = table?.dropped ?? [];
    return {
      ...{ oid, schema, name, target, replicaIdentity, columns, ...identity },
      ...(dropped.length > 0 ? { dropped } : {}),
      ...(table ? { storage: storageOf(table, columns) } : {}),
      ...(numbers === null && table !== null ? { unclear: true } : {}),
    };
  }

  /** The attribute numbers of the columns; null where they cannot be told. */
  private numbers(shape: TableShape, table: CatalogTable | null, before: Before | null) {
    const typed = (column: Pick<ShapeColumn, 'typeOid' | 'typmod'>): string => {
      const { oid, typmod } = this.types.resolve(column.typeOid, column.typmod, '');
      return `${oid}/${typmod}`;
    };
    const known = before?.map((column): NumberedColumn => ({ ...column, type: `${column.typeOid}/${column.typmod}` }));
    if (table === null) {
      const byName = new Map(known?.map(({ name, attnum }) => [name, attnum]));
      return shape.columns.map(({ name }) => byName.get(name) ?? null);
    }
    return align(
      shape.columns.map((column) => ({ name: column.name, type: typed(column) })),
      {
        now: table.columns.map((column) => ({ ...column, type: typed(column) })),
        dropped: table.dropped,
        before: known ?? null,
      },
    );
  }

  private column(column: ShapeColumn, attnum: number | null, byNumber: ReadonlyMap<number, CatalogColumn>): Column {
    const known = attnum === null ? undefined : byNumber.get(attnum);
    const same = known?.typeOid === column.typeOid ? known : undefined;
    const display = same?.display ?? `type ${column.typeOid}`;
    const type = this.types.resolve(column.typeOid, column.typmod, display);
    const named = same ? type : { ...type, display: type.name };
    return {
      ...{ name: column.name, type: named, notNull: known?.notNull ?? false, attnum },
      ...(known && known.name !== column.name ? { nowCalled: known.name } : {}),
      // PostgreSQL keeps one value for all rows from before, unless it had to write one into each of them
      ...(known && known.missing === null && (known.hasDefault || known.notNull) ? { unfilled: true } : {}),
      ...(known && known.missing !== null ? { filled: true } : {}),
    };
  }

  private async read(oids: readonly number[]): Promise<ReadonlyMap<number, CatalogTable>> {
    if (oids.length === 0) return new Map();
    // Columns last: files that are newer than the columns would hide that a later column was written into every row.
    const tables = await this.query(loadSql('tables'), [array(oids)]);
    const byTable = groupBy(await this.query(loadSql('columns'), [array(oids)]));
    return new Map(tables.map((row) => [Number(row.oid), catalogTable(row, byTable.get(Number(row.oid)) ?? [])]));
  }
}

/** `latest`: no column has been added since. */
function storageOf({ storage, columns, dropped }: CatalogTable, shown: readonly Column[]) {
  const newest = Math.max(0, ...shown.map(({ attnum }) => attnum ?? 0));
  const latest = [...columns.filter(({ generated }) => !generated).map(({ attnum }) => attnum), ...dropped];
  return { files: storage, latest: latest.every((attnum) => attnum <= newest) };
}

type Text = Record<string, string | null>;

function groupBy(rows: readonly Text[]): Map<number, Text[]> {
  const groups = new Map<number, Text[]>();
  for (const row of rows) {
    const group = groups.get(Number(row.table_oid));
    if (group) group.push(row);
    else groups.set(Number(row.table_oid), [row]);
  }
  return groups;
}

function catalogTable(row: Text, columns: readonly Text[]): CatalogTable {
  return {
    oid: Number(row.oid),
    schema: row.schema ?? '',
    name: row.name ?? '',
    kind: row.kind === 'p' ? 'partitioned' : 'table',
    replicaIdentity: IDENTITIES[row.identity ?? 'd'] ?? 'default',
    bytes: Number(row.bytes),
    estimatedRows: row.estimated_rows === null ? null : Number(row.estimated_rows),
    primaryKey: list(row.primary_key),
    identityIndex: list(row.identity_index),
    storage: row.storage ?? '',
    columns: columns.filter((column) => column.dropped !== 't').map(catalogColumn),
    dropped: columns.filter((column) => column.dropped === 't').map((column) => Number(column.attnum)),
  };
}

function catalogColumn(row: Text): CatalogColumn {
  return {
    attnum: Number(row.attnum),
    name: row.name ?? '',
    typeOid: Number(row.type_oid),
    typmod: Number(row.typmod),
    display: row.display ?? '',
    notNull: row.not_null === 't',
    generated: (row.generated ?? '') !== '',
    missing: row.missing ?? null,
    hasDefault: row.has_default === 't',
  };
}

export const tableName = (table: SourceTable): string => relationName(table.relation);
