import type { Connection } from 'tedious';
import type { Row, Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import type { Coding } from './coding.ts';
import { type BulkColumn, batch, bulk } from './connection.ts';
import { createStage } from './statements.ts';
import { driverLength, driverType, travelling } from './travel.ts';

/**
 * The staging tables of one connection: temporary, one for each table that is written, made when first needed. No bulk
 * load goes into a table of the user: it would not say which row it stumbled over, and may not check constraints.
 */
export class Stages {
  readonly #connection: Connection;
  #names = new WeakMap<Target, string>();
  /** Of tables that are there for certain. */
  #made = new Set<string>();
  #count = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** After a rollback, which takes staging tables with it that the transaction had made. */
  forget(): void {
    this.#made = new Set();
  }

  /** Every value as it travels, before any of them is on its way. Throws VALUE_UNREPRESENTABLE. */
  encode(target: Target, columns: readonly number[], rows: Rows, keyOf: (row: Row) => Row): unknown[][] {
    const encoded: unknown[][] = [];
    for (const row of rows)
      encoded.push(columns.map((column) => travelling(target, column, row[column], () => keyOf(row))));
    return encoded;
  }

  /** Rejects with the driver's error. */
  async fill(target: Target, columns: readonly number[], rows: unknown[][], guard: string): Promise<string> {
    const stage = this.#nameOf(target);
    if (!this.#made.has(stage)) {
      await batch(this.#connection, guard + createStage(stage, target));
      this.#made.add(stage);
    }
    const arrived = await bulk(
      this.#connection,
      stage,
      columns.map((column) => bulkColumn(target, column)),
      rows,
    );
    if (arrived !== rows.length) throw new Error(`${arrived} of ${rows.length} rows arrived in the staging table`);
    return stage;
  }

  #nameOf(target: Target): string {
    const known = this.#names.get(target);
    if (known !== undefined) return known;
    const name = `#pg2any_${++this.#count}`;
    this.#names.set(target, name);
    return name;
  }
}

function bulkColumn(target: Target, column: number): BulkColumn {
  const coding = target.codecs[column] as Coding;
  const length = driverLength(coding);
  return { name: `c${column + 1}`, type: driverType(coding), ...(length === undefined ? {} : { length }) };
}
