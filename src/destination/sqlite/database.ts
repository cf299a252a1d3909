/**
 * The little of libsql that pg2any uses. Found by running 0.5.29, and relied on here:
 * - Binding a boolean aborts the process (a Rust panic), a missing trailing parameter keeps its former value, and a
 *   BigInt beyond 64 bits throws: bind exactly as many values as there are parameters, of these types only.
 * - A result that is not read to its end keeps its read transaction, even after `close`: see `scan` in session.ts.
 * - `close` leaves the connection alive until its statements are collected, and they still run: roll back first.
 * - `inTransaction` of a closed database aborts the process.
 * - A statement that ended with an error of its own (`interrupted`) ignores new bindings: never use it again.
 */
export type SqlValue = string | number | bigint | Uint8Array | null;

export interface Statement {
  run(values: readonly SqlValue[]): { readonly changes: number };
  raw(): this;
  safeIntegers(): this;
  all(values: readonly SqlValue[]): SqlValue[][];
  iterate(values: readonly SqlValue[]): Iterator<SqlValue[]>;
}

export interface Database {
  readonly inTransaction: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  interrupt(): void;
  close(): void;
}

export type Constructor = new (path: string) => Database;

/** The native library is loaded when a SQLite destination is opened, not before. */
export async function loadDriver(): Promise<Constructor> {
  const driver = await import('libsql');
  return driver.default as unknown as Constructor;
}

/** What `iterate` and `all` of a raw statement with safe integers give, as text; bytes in hexadecimal. */
export function cellText(value: SqlValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object') return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  return String(value);
}
