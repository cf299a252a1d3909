/** What a column's type is after domains are resolved. `typmod` is PostgreSQL's, -1 when there is none. */
export interface PgType {
  readonly oid: number;
  /** Namespace of the type, `pg_catalog` for built-in ones. */
  readonly schema: string;
  /** `pg_type.typname`, such as `int4`, `numeric`, `_text`. */
  readonly name: string;
  readonly kind: 'base' | 'enum' | 'composite' | 'range' | 'multirange' | 'array';
  readonly typmod: number;
  /** `format_type` of the declared type, for people: `numeric(10,2)`, `public.mood[]`. */
  readonly display: string;
  /** Arrays only: the element type, resolved too. */
  readonly element?: PgType;
  /** `pg_type.typdelim`: what separates this type's elements in an array literal; `,` for all but box. */
  readonly delimiter?: string;
  readonly enumLabels?: readonly string[];
  /** `pg_enum.oid` of each label: it stays the same however the label is renamed. */
  readonly enumIds?: readonly number[];
  /** Composites only: their fields, in order. */
  readonly attributes?: readonly Attribute[];
}

export interface Attribute {
  readonly name: string;
  readonly type: PgType;
}

export interface Column {
  readonly name: string;
  readonly type: PgType;
  readonly notNull: boolean;
  /** 1-based `pg_attribute.attnum`, null where the catalog no longer knows the column. */
  readonly attnum: number | null;
  /** What the source calls it by now, where that is another name: the catalog is ahead of the stream. */
  readonly nowCalled?: string;
  /** Rows from before the column may hold values of their own in it, which nobody sent. */
  readonly unfilled?: true;
  /** They all hold the same value, which the catalog keeps (`pg_attribute.attmissingval`) until the rows are written again. */
  readonly filled?: true;
}

/** https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY */
export type ReplicaIdentity = 'default' | 'nothing' | 'full' | 'index';

/**
 * How a row of this table is found again:
 * - `key`: by the columns in `key`; inserts are upserts.
 * - `row`: no key, REPLICA IDENTITY FULL: by the whole old row, one row per change.
 * - `none`: no key and no old row: only inserts can arrive.
 */
export type RowIdentity = 'key' | 'row' | 'none';

/** A published table as of one point in the stream. Immutable; a change makes a new object. */
export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Where its rows go; `schema: null` is the destination's own database or schema. Set by `transform/`. */
  readonly target: { readonly schema: string | null; readonly name: string };
  readonly replicaIdentity: ReplicaIdentity;
  readonly columns: readonly Column[];
  readonly identity: RowIdentity;
  /** Attribute numbers of columns that the source has dropped by now. */
  readonly dropped?: readonly number[];
  /** The files of the table by now: others after a rewrite. `latest`: no column was added since this shape. */
  readonly storage?: { readonly files: string; readonly latest: boolean };
  /** What the table was before and what it is now do not tell which column is which. */
  readonly unclear?: true;
  /** Indexes into `columns`: the key for `key`, all columns for `row`, none for `none`. */
  readonly key: readonly number[];
}

/** `schema.table`, unquoted, for people and as a map key of known tables. */
export const relationName = (relation: Pick<Relation, 'schema' | 'name'>): string =>
  `${relation.schema}.${relation.name}`;

/**
 * PostgreSQL refuses UPDATE and DELETE on a published table without one, to everybody.
 * https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
 */
export const hasReplicaIdentity = ({ identity, replicaIdentity }: Relation): boolean =>
  identity !== 'none' && replicaIdentity !== 'nothing';
