import { type Connection, Request } from 'tedious';
import type { Cell } from '../contract.ts';
import { cells } from './connection.ts';

/** Rows per chunk. */
const CHUNK = 500;

/** The rows of a query in chunks; the server waits while nobody asks for more. Rejects with the driver's error. */
export async function* scanRows(
  connection: Connection,
  sql: string,
  signal: AbortSignal,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  signal.throwIfAborted();
  let waiting: (readonly Cell[])[] = [];
  let ended: { readonly error: unknown } | null = null;
  let wake: () => void = () => undefined;
  const request = new Request(sql, (error) => {
    ended = { error: error ?? null };
    wake();
  });
  request.on('row', (columns: readonly { readonly value: unknown }[]) => {
    waiting.push(cells(columns));
    if (waiting.length < CHUNK) return;
    request.pause();
    wake();
  });
  const abort = (): void => {
    ended ??= { error: signal.reason };
    wake();
  };
  signal.addEventListener('abort', abort, { once: true });
  connection.execSqlBatch(request);
  try {
    for (;;) {
      if (!ended && waiting.length < CHUNK) await new Promise<void>((resolve) => (wake = resolve));
      const chunk = waiting;
      waiting = [];
      const end = ended as { readonly error: unknown } | null;
      if (end?.error) throw end.error;
      if (chunk.length > 0) yield chunk;
      if (end) return;
      request.resume();
    }
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
