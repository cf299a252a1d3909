import type { Running } from './pipeline.ts';
import { pgValue } from './sql.ts';
import { until } from './wait.ts';

/**
 * Resolves once nothing more fits into what lies between source and destination: our socket is paused, the server's
 * sender waits for it, and nothing arrives between two looks. `url` is of the source.
 */
export async function senderIsBlocked(url: string, slot: string, running: Running): Promise<void> {
  const waits = `SELECT wait_event FROM pg_stat_activity JOIN pg_replication_slots ON pid = active_pid WHERE slot_name = '${slot}'`;
  let arrived: string | undefined;
  const blocked = async () => {
    const before = arrived;
    arrived = running.status()?.lsn.received;
    return before === arrived && (await pgValue(url, waits)) === 'WalSenderWriteData';
  };
  await until(() => (running.status()?.pausedSeconds ?? 0) > 0, { what: 'the pause' });
  await until(blocked, { everyMs: 600, what: 'the sender to wait for us' });
}
