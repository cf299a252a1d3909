import type { Row, Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import type { Outcome, Parameter } from './connection.ts';

/** What a step needs of its session. Everything rejects with the driver's errors, after which the transaction is gone. */
export interface Wire {
  /** Statements inside the open transaction. */
  batch(sql: string): Promise<Outcome>;
  /** Without a timeout. */
  batchLong(sql: string): Promise<Outcome>;
  call(sql: string, parameters: readonly Parameter[]): Promise<Outcome>;
  /**
   * Puts the values of these columns into the table's staging table, whose name it gives. Throws
   * VALUE_UNREPRESENTABLE, which leaves the transaction usable.
   */
  stage(target: Target, columns: readonly number[], rows: Rows, keyOf: (row: Row) => Row): Promise<string>;
  /** Whether the table has an IDENTITY column, which takes values on request only. */
  identity(target: Target): Promise<boolean>;
  /** Rolls back what was done, and runs this in a transaction that is rolled back as well. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** The driver's error as a Pg2anyError. */
  failure(error: unknown, where: string): unknown;
}
