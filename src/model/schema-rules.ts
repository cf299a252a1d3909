/** What becomes of the destination when source tables change while they are replicated. */
export interface SchemaRules {
  /**
   * `apply` follows; `stop` stops with the SQL to run; `ignore` alters nothing: new columns are not written, renamed ones
   * keep their name.
   */
  readonly changes: 'apply' | 'stop' | 'ignore';
  /** Columns that the source drops: kept and no longer written, or dropped too. */
  readonly droppedColumns: 'keep' | 'drop';
  /** Tables that were dropped and created again under their name: copied anew, or a stop. */
  readonly recreatedTables: 'copy' | 'stop';
}

export const DEFAULT_SCHEMA_RULES: SchemaRules = { changes: 'apply', droppedColumns: 'keep', recreatedTables: 'copy' };
