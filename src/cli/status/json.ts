import { type Config, describeSource } from '../../config/config.ts';
import { asPg2anyError, type Pg2anyError } from '../../model/error.ts';
import { formatLsn } from '../../model/lsn.ts';
import type { SourceOverview } from '../../source/overview.ts';
import { errorJson } from '../print-error.ts';
import { behindBytes, checkpointTables } from './numbers.ts';
import type { DestinationOverview, Overview, Part } from './overview.ts';

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

function destinationJson(overview: Overview, server: string, part: Part<DestinationOverview>) {
  const checkpoint = part.found?.checkpoint;
  const known = checkpoint && {
    flushed: formatLsn(checkpoint.flushed),
    behindBytes: behindBytes(overview, part),
    tables: checkpointTables(checkpoint),
  };
  return { server, product: part.found?.product ?? null, checkpoint: known ?? null, error: problem(part.error) };
}

/** What `pg2any status --json` prints. Fields are only ever added. */
export function overviewJson(config: Config, overview: Overview) {
  const { source, destination, mirror, process } = overview;
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
    destination: destinationJson(overview, config.destination.display, destination),
    mirror: mirror && destinationJson(overview, config.destination.mirror?.display ?? '', mirror),
    process: {
      pid: process.found?.pid ?? null,
      status: process.found?.status ?? null,
      error: problem(process.error),
    },
    problem: problem(overview.problem),
  };
}
