import type { Connection } from 'mysql2';
import type { Cell } from '../contract.ts';

/** Rows per chunk. */
const CHUNK = 500;

/** The rows of a query in chunks; the server waits while nobody asks for more. Rejects with the driver's error. */
export async function* scanRows(
  connection: Connection,
  sql: string,
  signal: AbortSignal,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  signal.throwIfAborted();
  const stream = connection.query(sql).stream({ highWaterMark: CHUNK });
  const fail = (error: unknown): void => {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  const abort = (): void => fail(signal.reason);
  // without a callback the driver reports a lost connection there only
  connection.once('error', fail);
  signal.addEventListener('abort', abort, { once: true });
  try {
    let chunk: (readonly Cell[])[] = [];
    for await (const row of stream) {
      chunk.push(row);
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    connection.removeListener('error', fail);
    signal.removeEventListener('abort', abort);
  }
}
