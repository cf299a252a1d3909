import type pg from 'pg';
import { Pg2anyError } from '../model/error.ts';
import { formatLsn, type Lsn, parseLsn } from '../model/lsn.ts';
import { quoteIdent, quoteLiteral } from '../model/quote.ts';
import type { Retained, SlotState, StreamOptions } from '../model/source.ts';
import { sourceError } from './errors.ts';
import { loadSql } from './sql.ts';
import type { Query } from './types.ts';

/** A row of pg_replication_slots. https://www.postgresql.org/docs/current/view-pg-replication-slots.html */
export interface SlotFacts {
  readonly plugin: string | null;
  readonly slotType: string;
  readonly database: string | null;
  readonly active: boolean;
  readonly temporary: boolean;
  readonly confirmed: Lsn | null;
  /** `reserved`, `extended`, `unreserved` or `lost`. */
  readonly walStatus: string | null;
  readonly invalidated: string | null;
  /** Bytes of WAL that may still be written before the slot is lost; null where nothing limits it. */
  readonly safeBytes: number | null;
}

export async function readSlot(query: Query, name: string, version: number): Promise<SlotFacts | null> {
  const file = version >= 170000 ? 'slot-pg17' : version >= 160000 ? 'slot-pg16' : 'slot';
  const row = (await query(loadSql(file), [name]))[0];
  if (!row) return null;
  return {
    plugin: row.plugin ?? null,
    slotType: row.slot_type ?? '',
    database: row.database ?? null,
    active: row.active === 't',
    temporary: row.temporary === 't',
    confirmed: row.confirmed ? parseLsn(row.confirmed) : null,
    walStatus: row.wal_status ?? null,
    invalidated: row.invalidated ?? null,
    safeBytes: row.safe_wal_size ? Number(row.safe_wal_size) : null,
  };
}

/** Throws unless the slot can serve us; what it says about progress is returned. Pure. */
export function usableSlot(facts: SlotFacts, name: string, database: string): SlotState {
  const refuse = (why: string): never => {
    throw new Pg2anyError('SLOT_MISMATCH', `replication slot ${name} ${why}`);
  };
  if (facts.slotType !== 'logical') refuse('is a physical slot');
  if (facts.plugin !== 'pgoutput') refuse(`uses the output plugin ${facts.plugin}, not pgoutput`);
  if (facts.database !== database) refuse(`belongs to database ${facts.database}, not ${database}`);
  if (facts.temporary) refuse('is temporary');
  if (facts.walStatus === 'lost' || facts.invalidated) {
    const why = facts.invalidated ? ` (${facts.invalidated})` : '';
    throw new Pg2anyError('SLOT_LOST', `the server invalidated replication slot ${name}${why}`);
  }
  if (facts.confirmed === null) return refuse('was not completely created');
  return { confirmed: facts.confirmed, active: facts.active };
}

/** What must hold before START_REPLICATION, which itself accepts positions that lose changes silently. Pure. */
export function checkStart(name: string, slot: SlotState | null, from: Lsn, position: Lsn): void {
  const at = formatLsn(from);
  if (!slot)
    throw new Pg2anyError(
      'SLOT_MISSING',
      `replication slot ${name} does not exist, but the destination holds a checkpoint at ${at}`,
    );
  if (slot.active) throw new Pg2anyError('SLOT_IN_USE', `replication slot ${name} is in use by another process`);
  if (slot.confirmed > from) {
    throw new Pg2anyError(
      'SLOT_AHEAD',
      `replication slot ${name} was confirmed up to ${formatLsn(slot.confirmed)}, beyond the destination's checkpoint ${at}`,
    );
  }
  if (from > position) {
    throw new Pg2anyError(
      'SOURCE_BEHIND',
      `the checkpoint ${at} lies beyond the end of the source's WAL ${formatLsn(position)}`,
    );
  }
}

/** Grammar by version: https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-CREATE-REPLICATION-SLOT */
export function createSlotSql(name: string, version: number, kind: { temporary: boolean; failover: boolean }): string {
  const head = `CREATE_REPLICATION_SLOT ${quoteIdent(name)}${kind.temporary ? ' TEMPORARY' : ''} LOGICAL pgoutput`;
  if (version < 150000) return `${head} EXPORT_SNAPSHOT`;
  return `${head} (SNAPSHOT 'export'${kind.failover && version >= 170000 ? ', FAILOVER true' : ''})`;
}

export interface CreatedSlot {
  readonly lsn: Lsn;
  readonly snapshot: string;
}

/** Creates a slot on a replication connection, within the deadline; names what it waits for otherwise. */
export async function createSlot(
  client: pg.Client,
  query: Query,
  sql: string,
  options: Pick<StreamOptions, 'slotTimeoutMs'>,
): Promise<CreatedSlot> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => blocked(query, options.slotTimeoutMs).then(reject, reject), options.slotTimeoutMs);
  });
  try {
    const result = await Promise.race([
      client.query<{ consistent_point: string; snapshot_name: string }>(sql),
      deadline,
    ]);
    const row = result.rows[0];
    if (!row) throw new Pg2anyError('PROTOCOL', 'the server created a slot without answering its position');
    return { lsn: parseLsn(row.consistent_point), snapshot: row.snapshot_name };
  } catch (error) {
    throw sourceError(error, 'create the replication slot');
  } finally {
    clearTimeout(timer);
  }
}

const endOf = ({ pid, gid }: Readonly<Record<string, string | null>>): string =>
  pid ? `SELECT pg_terminate_backend(${pid})` : `ROLLBACK PREPARED ${quoteLiteral(gid ?? '').trim()}`;

async function blocked(query: Query, waitedMs: number): Promise<Pg2anyError> {
  const rows = await query(loadSql('blockers'));
  const who = rows.map((row) => {
    const name = row.pid ? `pid ${row.pid}` : `prepared transaction ${row.gid}`;
    return `${name} (${row.who}, ${row.state}, since ${row.since}): ${row.query}`;
  });
  const message = `creating the replication slot waited ${waitedMs / 1000} s for open transactions: ${who.join('; ') || 'none visible to this role'}`;
  const hint = rows[0] ? `End them, for example with ${endOf(rows[0])}; then start again.` : undefined;
  return new Pg2anyError('SLOT_CREATION_BLOCKED', message, hint ? { hint } : {});
}

const bytesOf = (text: string | null | undefined): number | null => (text == null ? null : Number(text));

/** A row of retained.sql. */
export const retainedOf = (row: Readonly<Record<string, string | null>>): Retained => ({
  walEnd: parseLsn(row.wal_end ?? '0/0'),
  retainedBytes: bytesOf(row.retained),
  slotStatus:
    row.active == null
      ? null
      : { active: row.active === 't', walStatus: row.wal_status ?? null, safeBytes: bytesOf(row.safe_wal_size) },
});
