import type pg from 'pg';
import { type Lsn, parseLsn } from '../model/lsn.ts';
import { queryOn } from './query.ts';
import { readSlot, type SlotFacts } from './slot.ts';
import { loadSql } from './sql.ts';

/** A server and one slot of it, at a moment. */
export interface SourceOverview {
  readonly systemId: string;
  /** For people: `PostgreSQL 18.4`. */
  readonly product: string;
  /** End of the durable WAL. */
  readonly walEnd: Lsn;
  /** Null where there is no such slot. */
  readonly slot: SlotFacts | null;
  /** WAL that the slot holds back, in bytes; null without a slot, or where it is lost. */
  readonly retainedBytes: number | null;
}

const SERVER = `SELECT s.system_identifier::text AS system_id, current_setting('server_version_num') AS version,
  current_setting('server_version') AS product FROM pg_catalog.pg_control_system() s`;

export async function readOverview(client: pg.Client, slotName: string): Promise<SourceOverview> {
  const query = queryOn(client, 'look at the slot');
  const server = (await query(SERVER))[0];
  const slot = await readSlot(query, slotName, Number(server?.version));
  const wal = (await query(loadSql('retained'), [slotName]))[0];
  return {
    systemId: server?.system_id ?? '',
    product: `PostgreSQL ${server?.product?.split(' ')[0]}`,
    walEnd: parseLsn(wal?.wal_end ?? '0/0'),
    slot,
    retainedBytes: wal?.retained ? Number(wal.retained) : null,
  };
}
