import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '../contract.ts';

/** How long a session that was ended may take to roll back. */
const PATIENCE_MS = 10_000;

/** Sessions say who they belong to by the name of their program. */
const SESSIONS = 'SELECT session_id FROM sys.dm_exec_sessions WHERE program_name = @p1 AND session_id <> @@SPID';

/** Ends all other sessions of the token and waits until they have let go. */
export async function evict(session: Session, token: string): Promise<void> {
  try {
    const deadline = performance.now() + PATIENCE_MS;
    const found = await session.rows(SESSIONS, [token]);
    for (const [id] of found) await session.run(`KILL ${Number(id)}`);
    while (performance.now() < deadline && (await session.rows(SESSIONS, [token])).length > 0) await pause(50);
  } catch {
    // best effort: without the right to end it, its locks end when the server notices that nobody is there
  }
}
