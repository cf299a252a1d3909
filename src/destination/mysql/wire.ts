import type { Outcome } from './connection.ts';
import type { Load } from './load.ts';

/** What a step needs of its session. Both reject with the driver's errors; `where` is for the caller's message. */
export interface Wire {
  readonly maxAllowedPacket: number;
  loading: boolean;
  send(sql: string): Promise<Outcome>;
  /** Several statements in one packet, performed in this order up to the first that fails. */
  sendAll(statements: readonly string[]): Promise<readonly Outcome[]>;
  /** Without a timeout. */
  sendLong(sql: string): Promise<Outcome>;
  load(sql: string, load: Load): Promise<Outcome>;
  /** Level, number and message of what the last statement left. */
  warnings(): Promise<readonly (readonly (string | null)[])[]>;
  /** The driver's error as a Pg2anyError. */
  failure(error: unknown, where: string): unknown;
}
