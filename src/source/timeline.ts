import { Pg2anyError } from '../model/error.ts';
import { type Lsn, parseLsn } from '../model/lsn.ts';
import type { SourceIdentity, Timeline } from '../model/source.ts';
import type { Query } from './types.ts';

/** What walsenders alone tell; `pg_control_checkpoint()` shows the timeline before until the checkpoint after a promotion. */
async function identifySystem(query: Query): Promise<{ readonly systemId: string; readonly timeline: number }> {
  const row = (await query('IDENTIFY_SYSTEM'))[0];
  return { systemId: row?.systemid ?? '', timeline: Number(row?.timeline) };
}

/** On a replication connection. */
export async function readTimeline(query: Query): Promise<Timeline> {
  // first: a server that is a primary stays one as long as it runs
  const recovering = (await query('SELECT pg_catalog.pg_is_in_recovery() AS recovering'))[0]?.recovering === 't';
  const { timeline: id } = await identifySystem(query);
  return { id, left: await readHistory(query, id), recovering };
}

/** The first timeline has no history, and a file that was removed tells nothing. */
async function readHistory(query: Query, id: number): Promise<ReadonlyMap<number, Lsn>> {
  if (id === 1) return new Map();
  try {
    return parseHistory((await query(`TIMELINE_HISTORY ${id}`))[0]?.content ?? '');
  } catch (error) {
    if (sqlStateOf(error) === UNDEFINED_FILE) return new Map();
    throw error;
  }
}

const UNDEFINED_FILE = '58P01';

const sqlStateOf = (error: unknown): unknown =>
  error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined)?.code : undefined;

/**
 * Lines of timeline, LSN and reason, separated by tabs; `#` begins a comment. Pure.
 * https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-TIMELINE-HISTORY
 */
export function parseHistory(content: string): ReadonlyMap<number, Lsn> {
  const lines = content.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  return new Map(
    lines.map((line) => {
      const [, timeline, at] = /^\s*(\d+)\s+([\dA-F]+\/[\dA-F]+)(\s|$)/i.exec(line) ?? [];
      if (timeline === undefined || at === undefined)
        throw new Pg2anyError('PROTOCOL', `the timeline history of the source holds the line ${JSON.stringify(line)}`);
      return [Number(timeline), parseLsn(at)];
    }),
  );
}

/** Throws where this replication connection has reached another server: an address may be handed over at any time. */
export async function assertOn(query: Query, { systemId }: SourceIdentity, { id }: Timeline): Promise<void> {
  const found = await identifySystem(query);
  if (found.systemId === systemId && found.timeline === id) return;
  const message = `the source is on timeline ${found.timeline} of cluster ${found.systemId} by now, and was on timeline ${id} of ${systemId} when it was looked at`;
  throw new Pg2anyError('STREAM_RESTART', message);
}
