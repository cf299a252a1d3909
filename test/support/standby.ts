import { execFile } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/demo/embedded-postgres.ts';
import { pgRows, pgValue } from './sql.ts';
import { until } from './wait.ts';

/** With owner and rights, which Node's own copy does not keep. */
export const copyFolder = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);

/** The physical slot that a standby has at its primary. */
export const STANDBY_SLOT = 'standby';

/**
 * A physical standby of a server, which is stopped for a moment. It follows by the slot `STANDBY_SLOT` of the
 * server, which is made here. Call stop() at the end.
 */
export async function startStandby(
  primary: EmbeddedPostgres,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  await pgRows(primary.url, `SELECT pg_create_physical_replication_slot('${STANDBY_SLOT}', true)`);
  const dataDir = join(dirname(primary.dataDir), 'standby');
  await primary.pause();
  await copyFolder(primary.dataDir, dataDir);
  await primary.start();
  writeFileSync(join(dataDir, 'standby.signal'), '');
  // As pg_basebackup: slots are not part of a backup.
  for (const slot of readdirSync(join(dataDir, 'pg_replslot')))
    rmSync(join(dataDir, 'pg_replslot', slot), { recursive: true });
  const { username, password, port } = new URL(primary.url);
  return await startEmbeddedPostgres({
    version: primary.version,
    dataDir,
    settings: {
      fsync: 'off',
      hot_standby_feedback: 'on',
      primary_slot_name: STANDBY_SLOT,
      primary_conninfo: `host=127.0.0.1 port=${port} user=${username} password=${password} dbname=postgres`,
      ...settings,
    },
  });
}

/** Until the standby keeps this slot, which it does once that moves on at the primary; `write` makes something move. */
export async function synchronised(standby: EmbeddedPostgres, slot: string, write: () => Promise<unknown>) {
  const kept = `SELECT synced AND NOT temporary FROM pg_replication_slots WHERE slot_name = '${slot}'`;
  const isKept = async () => {
    await write();
    // wakes what synchronises, which sleeps for up to half a minute
    await pgRows(standby.url, 'SELECT pg_reload_conf()');
    return (await pgValue(standby.url, kept)) === 't';
  };
  await until(isKept, { timeoutMs: 45_000, everyMs: 250, what: 'the synchronised slot' });
}

/** Until the standby has everything that the primary has now. */
export async function caughtUp(standby: EmbeddedPostgres, primary: EmbeddedPostgres): Promise<void> {
  const end = await pgValue(primary.url, 'SELECT pg_current_wal_flush_lsn()');
  const replayed = `SELECT pg_last_wal_replay_lsn() >= '${end}'`;
  await until(async () => (await pgValue(standby.url, replayed)) === 't', { what: 'the standby to have everything' });
}

/** What has been written to the standby once it is a primary stands on a timeline of its own. */
export const promote = (standby: EmbeddedPostgres) => pgRows(standby.url, 'SELECT pg_promote()');
