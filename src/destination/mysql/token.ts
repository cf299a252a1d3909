import { createHash } from 'node:crypto';
import type { Session } from '../contract.ts';

/** Sessions of one token at a time: that of the stream, and one for each table being copied. */
const SESSIONS = 8;

/** Names of locks are at most 64 characters, without case, and shared by the whole server. */
function locksOf(token: string): readonly string[] {
  const name = `pg2any.${createHash('sha256').update(token).digest('hex').slice(0, 40)}`;
  return Array.from({ length: SESSIONS }, (_, i) => `${name}.${i}`);
}

/** A lock that ends with its connection tells which connections belong to a token; each holds one. */
export async function hold(session: Session, token: string): Promise<void> {
  for (const lock of locksOf(token)) {
    const [row] = await session.rows('SELECT GET_LOCK(?, 0)', [lock]);
    if (row?.[0] === '1') return;
  }
}

/** How long a killed connection may take to roll back, in seconds. */
const ROLLBACK_PATIENCE = 10;

/** Ends all other connections that hold a lock of the token, and waits until they have let go. */
export async function evict(session: Session, token: string): Promise<void> {
  const locks = locksOf(token);
  try {
    const holders = locks.map(() => 'IS_USED_LOCK(?)').join(', ');
    const [[self, ...ids] = []] = await session.rows(`SELECT CONNECTION_ID(), ${holders}`, locks);
    for (const [i, id] of ids.entries()) {
      if (!id || id === self) continue;
      await session.run(`KILL ${Number(id)}`);
      await session.rows(`SELECT GET_LOCK(?, ${ROLLBACK_PATIENCE}), RELEASE_LOCK(?)`, [locks[i] ?? '', locks[i] ?? '']);
    }
  } catch {
    // best effort: without the right to end it, its locks end when the server notices that nobody is there
  }
}
