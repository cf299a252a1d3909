import { setTimeout as sleep } from 'node:timers/promises';
import { type Lsn, parseLsn } from '../model/lsn.ts';
import { loadSql } from './sql.ts';
import type { Query } from './types.ts';

/** Three rounds of the WAL writer at its default pace: a commit with synchronous_commit = off is durable by then. */
const ASYNC_COMMIT_MS = 600;
const POLL_MS = 20;

/**
 * A position behind the commit of every transaction that was visible before. With synchronous_commit = off a commit
 * shows before it is flushed. https://www.postgresql.org/docs/current/wal-async-commit.html
 */
export async function readPosition(query: Query): Promise<Lsn> {
  const sql = loadSql('position');
  const first = (await query(sql))[0];
  if (first?.settled === 't') return parseLsn(first.flushed ?? '0/0');
  const wanted = parseLsn(first?.inserted ?? '0/0');
  for (let waited = 0; ; waited += POLL_MS) {
    const flushed = parseLsn((await query(sql))[0]?.flushed ?? '0/0');
    if (flushed >= wanted || waited >= ASYNC_COMMIT_MS) return flushed;
    await sleep(POLL_MS);
  }
}
