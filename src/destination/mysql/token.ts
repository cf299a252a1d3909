import { createHash } from 'node:crypto';
import type { Session } from '../contract.ts';

/** Names of locks are at most 64 characters, without case, and shared by the whole server. */
const lockOf = (token: string): string => `pg2any.${createHash('sha256').update(token).digest('hex').slice(0, 40)}`;

/** A lock that ends with its connection tells which connection a token belongs to. */
export async function hold(session: Session, token: string, seconds: number): Promise<void> {
  await session.rows(`SELECT GET_LOCK(?, ${seconds})`, [lockOf(token)]);
}

/** How long a killed connection may take to roll back, in seconds. */
const ROLLBACK_PATIENCE = 10;

/** Ends the connection that holds the token's lock, and waits until it has let go. Ours then holds it if `own`. */
export async function evict(session: Session, token: string, own: boolean): Promise<void> {
  try {
    const [found] = await session.rows('SELECT IS_USED_LOCK(?), CONNECTION_ID()', [lockOf(token)]);
    const [holder, self] = found ?? [];
    if (holder === self || (!holder && !own)) return;
    if (holder) await session.run(`KILL ${Number(holder)}`);
    await hold(session, token, ROLLBACK_PATIENCE);
    if (!own) await session.rows('SELECT RELEASE_LOCK(?)', [lockOf(token)]);
  } catch {
    // best effort: without the right to end it, its locks end when the server notices that nobody is there
  }
}
