import { jsonLines } from '../logs/json-lines.ts';
import type { LogEvent } from '../model/event.ts';
import type { Look } from '../replication.ts';
import type { Status } from '../status/status.ts';
import { endLine, LINES, statusLine, type View } from './headless.ts';
import type { Io } from './io.ts';
import { errorJson } from './print-error.ts';

const statusData = ({ phase, lag, rowsPerSecond, transactionsPerSecond, totals, retainedBytes, retries }: Status) => ({
  phase,
  lagSeconds: lag.seconds,
  lagBytes: lag.bytes,
  rowsPerSecond,
  transactionsPerSecond,
  changes: totals.rows,
  copiedRows: totals.copiedRows,
  lostValues: totals.lostValues,
  retainedBytes,
  retries,
});

/** One JSON object for each message, on stderr. */
export function jsonLog(config: { readonly slot: string | null }, io: Io, now: () => number = Date.now): View {
  let look: Look | null = null;
  const place = () => {
    const status = look?.(null);
    return status ? { lsn: status.lsn.flushed, batch: status.totals.batches } : null;
  };
  const write = jsonLines({ slot: config.slot, write: io.err, place });
  const say = (event: string, message: string, severity: LogEvent['severity'], data: object): void =>
    write({ at: now(), severity, event, message }, data);
  return {
    ...LINES,
    finding: ({ severity, message, check, fix }) =>
      say('finding', message, severity === 'block' ? 'error' : severity, { check, ...(fix ? { fix } : {}) }),
    event: (event) => write(event),
    status: (status) => say('status', statusLine(status), 'info', statusData(status)),
    end: (status) => say('stopped', endLine(status), 'ok', statusData(status)),
    failed: (error) => say('failed', error.message, 'error', errorJson(error)),
    look: (from) => {
      look = from;
    },
  };
}
