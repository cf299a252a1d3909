import { type Column, type Relation, type ReplicaIdentity, relationName } from '../model/relation.ts';
import type { SourceTable } from '../model/source.ts';
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
}

/** Which table, and what of it is published; `columns: null` is every column that is not generated. */
export interface TableRef {
  readonly oid: number;
  readonly columns: readonly string[] | null;
  readonly rowFilter: string | null;
}

const IDENTITIES: Readonly<Record<string, ReplicaIdentity>> = { d: 'default', n: 'nothing', f: 'full', i: 'index' };
const list = (text: string | null | undefined): string[] | null => (text ? (JSON.parse(text) as string[]) : null);
const array = (oids: readonly number[]): string => `{${oids.join(',')}}`;

/** Reads tables and types over a normal connection. The catalog is current, the stream is historic: match by name. */
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

  /** Resolves what the stream's Relation message says, with what the catalog still knows about the table. */
  async describe(shape: TableShape): Promise<Relation> {
    const table = (await this.read([shape.oid])).get(shape.oid) ?? null;
    await this.types.load(shape.columns.map((column) => column.typeOid));
    return this.relation(shape, table);
  }

  /** For columns added by ALTER TABLE … ADD COLUMN … DEFAULT: the value that older rows show, as text, by name. */
  async missingValues(oid: number): Promise<ReadonlyMap<string, string>> {
    const columns = (await this.read([oid])).get(oid)?.columns ?? [];
    return new Map(
      columns.flatMap((column) => (column.missing === null ? [] : [[column.name, column.missing] as const])),
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

  private relation(shape: TableShape, table: CatalogTable | null): Relation {
    const byName = new Map(table?.columns.map((column) => [column.name, column]));
    const columns = shape.columns.map((column) => this.column(column, byName.get(column.name)));
    const flagged = shape.columns.some((column) => column.key === null)
      ? null
      : shape.columns.filter((column) => column.key).map((column) => column.name);
    const { oid, schema, name, replicaIdentity } = shape;
    const facts = {
      replicaIdentity,
      primaryKey: table?.primaryKey ?? null,
      identityIndex: table?.identityIndex ?? null,
    };
    const identity = rowIdentity(
      { ...facts, flagged },
      columns.map((column) => column.name),
    );
    const target = { schema: schema === 'public' ? null : schema, name };
    return { oid, schema, name, target, replicaIdentity, columns, ...identity };
  }

  private column(column: ShapeColumn, known: CatalogColumn | undefined): Column {
    const same = known?.typeOid === column.typeOid ? known : undefined;
    const display = same?.display ?? `type ${column.typeOid}`;
    const type = this.types.resolve(column.typeOid, column.typmod, display);
    const named = same ? type : { ...type, display: type.name };
    return { name: column.name, type: named, notNull: known?.notNull ?? false, attnum: known?.attnum ?? null };
  }

  private async read(oids: readonly number[]): Promise<ReadonlyMap<number, CatalogTable>> {
    if (oids.length === 0) return new Map();
    const columns = await this.query(loadSql('columns'), [array(oids)]);
    const byTable = groupBy(columns);
    const tables = await this.query(loadSql('tables'), [array(oids)]);
    return new Map(tables.map((row) => [Number(row.oid), catalogTable(row, byTable.get(Number(row.oid)) ?? [])]));
  }
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
    columns: columns.map(catalogColumn),
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
  };
}

export const tableName = (table: SourceTable): string => relationName(table.relation);
