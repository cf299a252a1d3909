import type { Dialect, Place } from '../contract.ts';

export const CHECKPOINT_TABLE = 'pg2any_checkpoint';
export const TABLES_TABLE = 'pg2any_tables';

/** The statements over what pg2any remembers at the destination. Pure. */
export interface Bookkeeping {
  readonly create: readonly string[];
  /** For a table of tables from before shapes were remembered. */
  readonly addShape: string;
  /** For a table of checkpoints from before timelines were remembered. */
  readonly addTimeline: string;
  readonly dropIfEmpty: readonly (readonly [isEmpty: string, drop: string])[];
  /** As `read`; locks the row. */
  readonly lock: string;
  /** slot → session, without a lock. */
  readonly holder: string;
  /** slot → system_id, flushed, fence, timeline */
  readonly read: string;
  /** The same without the timeline. */
  readonly readBefore: string;
  /** slot, system_id, flushed, fence, session, timeline */
  readonly insert: string;
  /** fence, session, slot */
  readonly raise: string;
  /** timeline, slot */
  readonly follow: string;
  /** flushed, timeline, slot, fence, flushed before; matches one row unless the fence was raised or the checkpoint moved. */
  readonly advance: string;
  /** slot → table_schema, table_name, oid, state, snapshot, copied_rows, shape */
  readonly tables: string;
  /** The same without the shape. */
  readonly tablesBefore: string;
  /** fence, slot */
  readonly raiseTables: string;
  /** slot, table_schema, table_name → fence */
  readonly findTable: string;
  /** oid, state, snapshot, copied_rows, fence, slot, table_schema, table_name */
  readonly resetTable: string;
  /** slot, table_schema, table_name, oid, state, snapshot, copied_rows, fence */
  readonly insertTable: string;
  /** state, copied_rows, slot, table_schema, table_name, fence; matches one row unless the fence was raised. */
  readonly updateTable: string;
  /** shape, table_schema, table_name, slot, table_schema, table_name, oid, fence; matches as `updateTable`. */
  readonly updateShape: string;
  /** slot */
  readonly forget: readonly string[];
}

export function bookkeeping(dialect: Dialect): Bookkeeping {
  const [checkpointPlace, tablesPlace] = [CHECKPOINT_TABLE, TABLES_TABLE].map((name) =>
    dialect.place({ schema: null, name }),
  ) as [Place, Place];
  const [checkpoint, tables] = [checkpointPlace.sql, tablesPlace.sql];
  const { key, text, integer, time } = dialect.bookkeeping;
  const p = (n: number): string => dialect.param(n);
  const list = (count: number): string => Array.from({ length: count }, (_, i) => p(i + 1)).join(', ');
  const oneTable = (from: number): string =>
    `slot = ${p(from)} AND table_schema = ${p(from + 1)} AND table_name = ${p(from + 2)}`;
  return {
    create: [
      dialect.createIfMissing(
        checkpointPlace,
        `slot ${key} NOT NULL PRIMARY KEY, system_id ${text} NOT NULL, flushed ${text} NOT NULL, fence ${integer} NOT NULL, session ${text} NOT NULL, updated_at ${time} NOT NULL, timeline ${integer}`,
      ),
      dialect.createIfMissing(
        tablesPlace,
        `slot ${key} NOT NULL, table_schema ${key} NOT NULL, table_name ${key} NOT NULL, oid ${integer} NOT NULL, state ${text} NOT NULL, snapshot ${text} NOT NULL, copied_rows ${integer} NOT NULL, fence ${integer} NOT NULL, updated_at ${time} NOT NULL, shape ${text}, PRIMARY KEY (slot, table_schema, table_name)`,
      ),
    ],
    addShape: `ALTER TABLE ${tables} ADD shape ${text}`,
    addTimeline: `ALTER TABLE ${checkpoint} ADD timeline ${integer}`,
    dropIfEmpty: [tables, checkpoint].map((name) => [dialect.anyRow(name), `DROP TABLE ${name}`] as const),
    lock: dialect.lockingSelect('system_id, flushed, fence, timeline', checkpoint, `slot = ${p(1)}`),
    holder: `SELECT session FROM ${checkpoint} WHERE slot = ${p(1)}`,
    read: `SELECT system_id, flushed, fence, timeline FROM ${checkpoint} WHERE slot = ${p(1)}`,
    readBefore: `SELECT system_id, flushed, fence FROM ${checkpoint} WHERE slot = ${p(1)}`,
    insert: `INSERT INTO ${checkpoint} (slot, system_id, flushed, fence, session, timeline, updated_at) VALUES (${list(6)}, ${dialect.now})`,
    raise: `UPDATE ${checkpoint} SET fence = ${p(1)}, session = ${p(2)} WHERE slot = ${p(3)}`,
    follow: `UPDATE ${checkpoint} SET timeline = ${p(1)} WHERE slot = ${p(2)}`,
    advance: `UPDATE ${checkpoint} SET flushed = ${p(1)}, timeline = ${p(2)}, updated_at = ${dialect.now} WHERE slot = ${p(3)} AND fence = ${p(4)} AND flushed = ${p(5)}`,
    tables: `SELECT table_schema, table_name, oid, state, snapshot, copied_rows, shape FROM ${tables} WHERE slot = ${p(1)}`,
    tablesBefore: `SELECT table_schema, table_name, oid, state, snapshot, copied_rows FROM ${tables} WHERE slot = ${p(1)}`,
    raiseTables: `UPDATE ${tables} SET fence = ${p(1)} WHERE slot = ${p(2)}`,
    findTable: `SELECT fence FROM ${tables} WHERE ${oneTable(1)}`,
    resetTable: `UPDATE ${tables} SET oid = ${p(1)}, state = ${p(2)}, snapshot = ${p(3)}, copied_rows = ${p(4)}, fence = ${p(5)}, updated_at = ${dialect.now} WHERE ${oneTable(6)}`,
    insertTable: `INSERT INTO ${tables} (slot, table_schema, table_name, oid, state, snapshot, copied_rows, fence, updated_at) VALUES (${list(8)}, ${dialect.now})`,
    updateTable: `UPDATE ${tables} SET state = ${p(1)}, copied_rows = ${p(2)}, updated_at = ${dialect.now} WHERE ${oneTable(3)} AND fence = ${p(6)}`,
    updateShape: `UPDATE ${tables} SET shape = ${p(1)}, table_schema = ${p(2)}, table_name = ${p(3)}, updated_at = ${dialect.now} WHERE ${oneTable(4)} AND oid = ${p(7)} AND fence = ${p(8)}`,
    forget: [`DELETE FROM ${tables} WHERE slot = ${p(1)}`, `DELETE FROM ${checkpoint} WHERE slot = ${p(1)}`],
  };
}
