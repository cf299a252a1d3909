import type { Finding } from '../../model/finding.ts';
import { type Relation, relationName } from '../../model/relation.ts';
import type { Session } from '../contract.ts';
import { missingPrivileges } from './grants.ts';
import { quote } from './names.ts';
import type { Server } from './server.ts';

/** A value that is larger than this cannot be sent; 16 MiB is MariaDB's default. */
const SMALL_PACKET = 16 * 1024 * 1024;

/** Settings of the server that matter to these tables. */
export async function inspectServer(
  session: Session,
  relations: readonly Relation[],
  server: Server,
): Promise<Finding[]> {
  return [
    loading(server),
    packet(server),
    await durability(session),
    ...(await privileges(session, relations)),
    ...(await missingKeys(session, relations, server)),
  ];
}

function loading({ localInfile, flavour }: Server): Finding {
  if (localInfile)
    return { check: 'local_infile', severity: 'ok', message: `${flavour} takes LOAD DATA LOCAL, the fastest road` };
  return {
    check: 'local_infile',
    severity: 'warn',
    message: 'local_infile is off, so rows travel by multi-row upserts, at about three quarters of the speed',
    fix: {
      side: 'destination',
      sql: ['SET GLOBAL local_infile = ON'],
      text: 'Turn it on there and in the server configuration. pg2any hands out nothing but the rows of the load in hand.',
    },
  };
}

function packet({ maxAllowedPacket }: Server): Finding {
  const message = `rows up to ${(maxAllowedPacket / 1024 / 1024).toFixed(0)} MiB can be sent (max_allowed_packet)`;
  if (maxAllowedPacket >= SMALL_PACKET) return { check: 'max_allowed_packet', severity: 'ok', message };
  return {
    check: 'max_allowed_packet',
    severity: 'warn',
    message,
    fix: {
      side: 'destination',
      sql: ['SET GLOBAL max_allowed_packet = 67108864'],
      text: 'Raise it there and in the server configuration if rows may be larger.',
    },
  };
}

/** PostgreSQL is told that we have what the destination has committed, and then forgets it. */
async function durability(session: Session): Promise<Finding> {
  const [row] = await session.rows('SELECT @@innodb_flush_log_at_trx_commit, @@log_bin, @@sync_binlog');
  const [flush, binlog, sync] = row ?? [];
  const wrong = [
    ...(flush === '1' ? [] : [`innodb_flush_log_at_trx_commit = ${flush}`]),
    ...(binlog === '0' || sync === '1' ? [] : [`sync_binlog = ${sync}`]),
  ];
  if (wrong.length === 0)
    return { check: 'durability', severity: 'ok', message: 'every commit reaches the disk before it is confirmed' };
  return {
    check: 'durability',
    severity: 'warn',
    message: `with ${wrong.join(' and ')} a power cut may lose commits that PostgreSQL was told about, and only a new copy brings them back`,
    fix: {
      side: 'destination',
      sql: wrong.map((setting) => `SET GLOBAL ${setting.replace(/\d+$/, '1')}`),
      text: 'Set it to 1 there and in the server configuration.',
    },
  };
}

async function privileges(session: Session, relations: readonly Relation[]): Promise<Finding[]> {
  const [[own, user] = []] = await session.rows('SELECT DATABASE(), CURRENT_USER()');
  const grants = (await session.rows('SHOW GRANTS')).map(([line]) => line ?? '');
  const databases = new Set([own ?? '', ...relations.flatMap(({ target }) => target.schema ?? [])]);
  return [...databases].flatMap((database): Finding[] => {
    const missing = missingPrivileges(grants, database);
    if (missing === null || missing.length === 0) return [];
    const list = missing.join(', ');
    const account = (user ?? '').replace(/^(.*)@(.*)$/s, "'$1'@'$2'");
    const fix = {
      side: 'destination',
      sql: [`GRANT ${list} ON ${quote(database)}.* TO ${account}`],
      text: 'Let an administrator of the destination grant it.',
    } as const;
    const message = `the destination user lacks ${list} on database ${database}`;
    return [{ check: 'destination_privileges', severity: 'block', message, fix }];
  });
}

/** Managed servers may demand a primary key of every table; MariaDB has no such setting. */
async function missingKeys(session: Session, relations: readonly Relation[], { flavour }: Server): Promise<Finding[]> {
  const keyless = relations.filter(({ identity }) => identity !== 'key');
  if (flavour === 'MariaDB' || keyless.length === 0) return [];
  const [row] = await session.rows("SHOW VARIABLES LIKE 'sql_require_primary_key'");
  if (row?.[1] !== 'ON') return [];
  return keyless.map((relation) => ({
    check: 'sql_require_primary_key',
    severity: 'block',
    table: relationName(relation),
    message: `the server demands a primary key of every table, and ${relationName(relation)} has none`,
    fix: {
      side: 'source',
      sql: [],
      text: 'Give the table a primary key at the source, or turn sql_require_primary_key off at the destination.',
    },
  }));
}
