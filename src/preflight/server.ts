import type { Finding } from '../model/finding.ts';
import { quoteIdent } from '../model/quote.ts';
import type { Facts, ServerFacts } from './facts.ts';
import { configFix, reporter, sourceFix } from './findings.ts';

type Check = (facts: Facts) => Finding[];

const RESTART = 'Takes effect after a restart of PostgreSQL. On a managed service set it in the parameter group.';
const RELOAD = 'SELECT pg_catalog.pg_reload_conf();';

export const version: Check = ({ server }) => {
  const { ok, block, warn } = reporter('server_version');
  if (server.version < 130000) return block(`PostgreSQL ${server.product} is too old: 13 or later is needed`);
  if (server.version >= 190000) return warn(`PostgreSQL ${server.product} is newer than what was tested (18)`);
  return ok(`PostgreSQL ${server.product.split(' ')[0]} is supported`);
};

export const encoding: Check = ({ server }) => {
  const { ok, warn } = reporter('server_encoding');
  if (server.encoding !== 'SQL_ASCII') return ok(`server_encoding is ${server.encoding}`);
  return warn(
    'server_encoding is SQL_ASCII: PostgreSQL does not check bytes there, and a value that is not UTF-8 stops replication',
    sourceFix('Make sure that all text is UTF-8, or move the data to a database with encoding UTF8.'),
  );
};

/** Decoding on a standby came with PostgreSQL 16. */
export const standby: Check = ({ server, publication }) => {
  const { warn, block } = reporter('standby');
  if (!server.standby) return [];
  if (server.version < 160000)
    return block(
      'the source is a standby, and only PostgreSQL 16 and later decode there',
      configFix('Connect to the primary.'),
    );
  if (!publication)
    return block(
      'the source is a standby, where no publication can be created',
      configFix('Create the publication on the primary, or connect to it.'),
    );
  return warn(
    'the source is a standby: creating the slot waits for activity on the primary',
    sourceFix('On the primary, if it takes long.', 'SELECT pg_catalog.pg_log_standby_snapshot();'),
  );
};

export const walLevel: Check = ({ server }) => {
  const { ok, block } = reporter('wal_level');
  if (server.walLevel === 'logical') return ok('wal_level is logical');
  return block(
    `wal_level is ${server.walLevel}; logical is needed`,
    sourceFix(RESTART, 'ALTER SYSTEM SET wal_level = logical;'),
  );
};

export const role: Check = ({ server }) => {
  const { ok, block } = reporter('role');
  const name = JSON.stringify(server.role);
  if (server.superuser) return ok(`role ${name} is a superuser`);
  if (mayReplicate(server)) return ok(`role ${name} may replicate`);
  return block(
    `role ${name} may not replicate`,
    sourceFix(
      'Run as a superuser. On Amazon RDS: GRANT rds_replication instead.',
      `ALTER ROLE ${quoteIdent(server.role)} REPLICATION;`,
    ),
  );
};

const mayReplicate = ({ superuser, replication, managedReplication }: ServerFacts): boolean =>
  superuser || replication || managedReplication;

/** Tells something only where the role itself is not the reason. */
export const replicationConnection: Check = ({ replicationRefused, server }) => {
  if (replicationRefused === null || !mayReplicate(server)) return [];
  return reporter('replication_connection').block(
    `the server refuses a replication connection: ${replicationRefused}`,
    sourceFix(
      'A logical replication connection needs a pg_hba.conf line for the database itself, and no pooler in between.',
    ),
  );
};

export const slotHeadroom: Check = ({ server, plan }) => {
  const { ok, warn, block } = reporter('max_replication_slots');
  const free = server.maxSlots - server.usedSlots;
  const used = `${server.usedSlots} of ${server.maxSlots} replication slots are used`;
  const fix = sourceFix(
    `${RESTART} Or drop a slot that nobody uses.`,
    `ALTER SYSTEM SET max_replication_slots = ${server.maxSlots + 4};`,
  );
  if (free === 0 && !server.slot) return block(`${used}: there is none left for ${plan.slot}`, fix);
  if (free < 2 && !server.slot) return warn(`${used}: an interrupted copy needs a second one for a moment`, fix);
  return ok(used);
};

export const senderHeadroom: Check = ({ server }) => {
  const { ok, block } = reporter('max_wal_senders');
  const used = `${server.usedSenders} of ${server.maxSenders} WAL senders are used`;
  if (server.maxSenders > server.usedSenders || server.slot?.active) return ok(used);
  return block(
    `${used}: there is none left`,
    sourceFix(RESTART, `ALTER SYSTEM SET max_wal_senders = ${server.maxSenders + 4};`),
  );
};

export const keepSize: Check = ({ server }) => {
  const { ok, warn } = reporter('max_slot_wal_keep_size');
  if (server.keepSize !== '-1')
    return ok(`max_slot_wal_keep_size is ${server.keepSize}: a slot that falls further behind is lost`);
  return warn(
    'max_slot_wal_keep_size is unlimited: a stopped slot can fill the disk',
    sourceFix(
      'Choose what the disk can spare; a slot that falls further behind is lost and needs a new copy.',
      "ALTER SYSTEM SET max_slot_wal_keep_size = '20GB';",
      RELOAD,
    ),
  );
};

export const idleSlotTimeout: Check = ({ server }) => {
  const timeout = server.idleSlotTimeout;
  if (timeout === null) return [];
  const { ok, warn } = reporter('idle_replication_slot_timeout');
  if (/^0/.test(timeout)) return ok('idle_replication_slot_timeout is off');
  return warn(
    `idle_replication_slot_timeout is ${timeout}: when pg2any is stopped for longer, the slot is lost`,
    sourceFix('Or keep pauses shorter.', 'ALTER SYSTEM SET idle_replication_slot_timeout = 0;', RELOAD),
  );
};

/** https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-SYNCHRONOUS-STANDBY-NAMES */
export const standbyNames: Check = ({ server, plan }) => {
  const names = server.standbyNames.replaceAll(/\b(?:FIRST|ANY)\s+\d+|\d+\s*\(|[()"]/gi, ' ').split(/[\s,]+/);
  const hit = names.find((name) => name === '*' || name.toLowerCase() === plan.applicationName.toLowerCase());
  if (hit === undefined) return [];
  return reporter('synchronous_standby_names').warn(
    `synchronous_standby_names holds ${hit === '*' ? '*, which matches' : ''} ${plan.applicationName}: commits at the source may wait for the destination`.replace(
      '  ',
      ' ',
    ),
    sourceFix('Name the real standbys in synchronous_standby_names.'),
  );
};

const PINNED: Readonly<Record<string, RegExp>> = {
  timezone: /^UTC$/,
  datestyle: /^ISO/,
  intervalstyle: /^iso_8601$/,
  extra_float_digits: /^3$/,
  bytea_output: /^hex$/,
};

/** A pooler may drop or share session settings: values would change their text without a word. */
export const sessionSettings: Check = ({ server }) => {
  const lost = Object.entries(PINNED).filter(([name, wanted]) => !wanted.test(server.settings[name] ?? ''));
  if (lost.length === 0) return reporter('session_settings').ok('the session keeps our settings');
  const shown = lost.map(([name]) => `${name} is ${server.settings[name]}`).join(', ');
  return reporter('session_settings').block(
    `the session does not keep our settings (${shown}): a connection pooler is in the way`,
    configFix('Connect to PostgreSQL directly.'),
  );
};

export const SERVER_CHECKS: readonly Check[] = [
  version,
  encoding,
  standby,
  walLevel,
  role,
  replicationConnection,
  slotHeadroom,
  senderHeadroom,
  keepSize,
  idleSlotTimeout,
  standbyNames,
  sessionSettings,
];
