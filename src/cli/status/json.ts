import { type Config, describeSource } from '../../config/config.ts';
import { asPg2anyError, type Pg2anyError } from '../../model/error.ts';
import { formatLsn } from '../../model/lsn.ts';
import type { SourceOverview } from '../../source/overview.ts';
import { errorJson } from '../print-error.ts';
import { behindBytes, checkpointTables } from './numbers.ts';
import type { Overview } from './overview.ts';

const problem = (error: Pg2anyError | null) => error && errorJson(asPg2anyError(error));

const slotJson = ({ slot, retainedBytes }: SourceOverview) =>
  slot && {
    active: slot.active,
    walStatus: slot.walStatus,
    confirmed: slot.confirmed === null ? null : formatLsn(slot.confirmed),
    retainedBytes,
    safeBytes: slot.safeBytes,
    invalidated: slot.invalidated,
  };

function checkpointJson(overview: Overview) {
  const checkpoint = overview.destination.found?.checkpoint;
  if (!checkpoint) return null;
  const tables = checkpointTables(checkpoint);
  return { flushed: formatLsn(checkpoint.flushed), behindBytes: behindBytes(overview), tables };
}

/** What `pg2any status --json` prints. Fields are only ever added. */
export function overviewJson(config: Config, overview: Overview) {
  const { source, destination, process } = overview;
  return {
    at: overview.at,
    slot: config.slot,
    publication: config.publication,
    source: {
      server: describeSource(config.source),
      product: source.found?.product ?? null,
      walEnd: source.found ? formatLsn(source.found.walEnd) : null,
      slot: source.found && slotJson(source.found),
      error: problem(source.error),
    },
    destination: {
      server: config.destination.display,
      product: destination.found?.product ?? null,
      checkpoint: checkpointJson(overview),
      error: problem(destination.error),
    },
    process: {
      pid: process.found?.pid ?? null,
      status: process.found?.status ?? null,
      error: problem(process.error),
    },
    problem: problem(overview.problem),
  };
}
