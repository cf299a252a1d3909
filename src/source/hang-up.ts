import type { Socket } from 'node:net';
import type pg from 'pg';

/** How long a server may take to close the connection after our goodbye. */
const GOODBYE_MS = 2000;

/** pg's socket; TLS sockets are `encrypted`. */
export const socketOf = (client: pg.Client): Socket & { readonly encrypted?: boolean } =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream;

/** Closes without a goodbye: whatever the server is doing for us ends. */
export function cutOff(client: pg.Client): void {
  socketOf(client).destroy();
}

/** Says goodbye and waits for the end, but not for ever: behind a broken network it never comes. */
export async function hangUp(client: pg.Client): Promise<void> {
  const timer = setTimeout(() => cutOff(client), GOODBYE_MS);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}
