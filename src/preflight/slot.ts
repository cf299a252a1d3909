import type { Finding } from '../model/finding.ts';
import { formatLsn, parseLsn } from '../model/lsn.ts';
import { quoteLiteral } from '../model/quote.ts';
import type { Facts, SlotRow } from './facts.ts';
import { configFix, reporter, sourceFix } from './findings.ts';

type Check = (facts: Facts) => Finding[];

const drop = (name: string): string => `SELECT pg_catalog.pg_drop_replication_slot(${quoteLiteral(name).trim()});`;

const NEW_SNAPSHOT = 'Then replicate again: the tables are copied anew. `pg2any teardown` does it on both sides.';

/** Why this slot can never serve us, or null. */
function unusable(slot: SlotRow, database: string): string | null {
  if (slot.slot_type !== 'logical') return 'is a physical slot';
  if (slot.plugin !== 'pgoutput') return `uses the output plugin ${slot.plugin}, not pgoutput`;
  if (slot.database !== database) return `belongs to database ${slot.database}, not ${database}`;
  return slot.temporary ? 'is temporary' : null;
}

export const slotState: Check = ({ server, plan }) => {
  const { ok, block, warn } = reporter('slot');
  const { slot } = server;
  if (!slot) return ok(`replication slot ${plan.slot} does not exist yet and will be created`);
  const why = unusable(slot, server.database);
  if (why)
    return block(`replication slot ${plan.slot} ${why}`, configFix('Choose another slot with CDC_REPLICATION_SLOT.'));
  const reason = slot.invalidation_reason ?? (slot.conflicting ? 'conflict with recovery' : null);
  if (slot.wal_status === 'lost' || reason) {
    const text = `replication slot ${plan.slot} was invalidated${reason ? ` (${reason})` : ''}: the changes it kept are gone`;
    return block(text, sourceFix(NEW_SNAPSHOT, drop(plan.slot)));
  }
  if (slot.active)
    return warn(
      `replication slot ${plan.slot} is in use by pid ${slot.active_pid}: another pg2any is running, this one would wait`,
    );
  return ok(`replication slot ${plan.slot} exists and is free`);
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;

export const slotWal: Check = ({ server, plan }) => {
  const { warn } = reporter('slot_wal');
  const status = server.slot?.wal_status;
  if (status !== 'extended' && status !== 'unreserved') return [];
  const left = server.slot?.safe_wal_size;
  const rest =
    left === null || left === undefined ? '' : `; ${megabytes(Math.max(0, left))} of WAL more and it is lost`;
  return warn(
    `replication slot ${plan.slot} is ${status}: it holds back ${megabytes(server.retained ?? 0)} of WAL${rest}`,
    sourceFix('Start pg2any soon, or raise max_slot_wal_keep_size.'),
  );
};

export const failover: Check = ({ server, plan }) => {
  if (!plan.failover) return [];
  const { warn } = reporter('failover');
  if (server.version < 170000)
    return warn('failover slots need PostgreSQL 17: an ordinary slot is created', configFix('Set CDC_FAILOVER=false.'));
  if (!server.slot || server.slot.failover) return [];
  return warn(
    `replication slot ${plan.slot} exists and is not synchronised to standbys`,
    configFix('Drop it and start anew, or set CDC_FAILOVER=false.'),
  );
};

/** Refused at START only, when publication and slot are there already. */
export const origin: Check = ({ server, plan }) =>
  plan.origin === 'any' || server.version >= 160000
    ? []
    : reporter('origin').block(
        'leaving out what the source got by replication needs PostgreSQL 16',
        configFix('Set CDC_ORIGIN=any where nothing goes in circles.'),
      );

/** START_REPLICATION accepts positions that lose changes silently, so they are compared here. */
export const progress: Check = ({ server, plan, progress: known }) => {
  if (!known) return [];
  const { ok, block } = reporter('checkpoint');
  const { checkpoint, position } = known;
  if (checkpoint === null) return ok('the destination has no checkpoint yet');
  const at = formatLsn(checkpoint);
  const again = configFix('Run `pg2any teardown`, then replicate: the tables are copied anew.');
  if (!server.slot)
    return block(
      `the destination has a checkpoint at ${at}, but replication slot ${plan.slot} is gone: the changes since then are lost`,
      again,
    );
  const confirmed = server.slot.confirmed_flush_lsn;
  if (confirmed !== null && parseLsn(confirmed) > checkpoint)
    return block(
      `replication slot ${plan.slot} was confirmed up to ${confirmed}, beyond the destination's checkpoint ${at}: the destination was restored from an older backup, or somebody else consumed the slot`,
      again,
    );
  if (checkpoint > position)
    return block(
      `the checkpoint ${at} lies beyond the end of the source's WAL ${formatLsn(position)}: the source was restored to an earlier point`,
      again,
    );
  return ok(`resumes at ${at}`);
};

/** Seconds that are worth a word: before a slot can be created, and later, when it is only WAL that adds up. */
const [LONG, VERY_LONG] = [60, 600];

/** While one is open, a slot can neither be created nor let go of the WAL since its beginning. */
export const longTransactions: Check = ({ server, transactions }) => {
  const { warn } = reporter('open_transactions');
  const cost = server.slot
    ? `the slot keeps all WAL since then, ${megabytes(server.retained ?? 0)} by now`
    : 'creating the slot waits for it';
  return transactions
    .filter((one) => one.seconds >= (server.slot ? VERY_LONG : LONG))
    .flatMap((one) => {
      const who =
        one.pid === null
          ? `prepared transaction ${JSON.stringify(one.gid)}`
          : `pid ${one.pid} (${[one.user, one.application].filter(Boolean).join(', ')})`;
      const end =
        one.pid === null
          ? `ROLLBACK PREPARED ${quoteLiteral(one.gid ?? '').trim()};`
          : `SELECT pg_catalog.pg_terminate_backend(${one.pid});`;
      return warn(
        `${who} has a transaction open since ${Math.round(one.seconds)} s: ${cost}`,
        sourceFix('Only if it may be ended.', end),
      );
    });
};

export const SLOT_CHECKS: readonly Check[] = [slotState, slotWal, failover, origin, progress, longTransactions];
