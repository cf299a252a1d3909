import type { Finding } from '../../model/finding.ts';
import type { Relation } from '../../model/relation.ts';
import type { Session } from '../contract.ts';
import { quote } from './names.ts';

/** Settings and rights that matter to these tables. */
export async function inspectServer(session: Session, relations: readonly Relation[]): Promise<Finding[]> {
  return [...(await database(session)), ...(await rights(session, relations))];
}

/** PostgreSQL is told that we have what the destination has committed, and then forgets it. */
async function database(session: Session): Promise<Finding[]> {
  const [[name, snapshot, delayed] = []] = await session.rows(
    'SELECT name, is_read_committed_snapshot_on, delayed_durability FROM sys.databases WHERE database_id = DB_ID()',
  );
  const own = quote(name ?? '');
  return [readers(own, snapshot === '1'), durability(own, delayed ?? '0')];
}

function readers(database: string, snapshot: boolean): Finding {
  const check = 'read_committed_snapshot';
  if (snapshot) return { check, severity: 'ok', message: 'readers see whole transactions and wait for none' };
  return {
    check,
    severity: 'warn',
    message: 'without READ_COMMITTED_SNAPSHOT readers wait for what is being written, and may see rows of two moments',
    fix: {
      side: 'destination',
      sql: [`ALTER DATABASE ${database} SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE`],
      text: 'It ends the transactions that are open there.',
    },
  };
}

function durability(database: string, delayed: string): Finding {
  const check = 'durability';
  if (delayed !== '2')
    return { check, severity: 'ok', message: 'every commit reaches the disk before it is confirmed' };
  return {
    check,
    severity: 'warn',
    message:
      'with DELAYED_DURABILITY = FORCED a power cut may lose commits that PostgreSQL was told about, and only a new copy brings them back',
    fix: {
      side: 'destination',
      sql: [`ALTER DATABASE ${database} SET DELAYED_DURABILITY = DISABLED`],
      text: 'Turn it off for this database.',
    },
  };
}

const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** Of the database as a whole; rights on single tables show when they are written. */
async function rights(session: Session, relations: readonly Relation[]): Promise<Finding[]> {
  const schemas = new Set(relations.flatMap(({ target }) => target.schema ?? []));
  const wanted = [...RIGHTS, 'CREATE TABLE', 'ALTER ANY SCHEMA'];
  const asked = wanted.map((right) => `HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', '${right}')`);
  const [[user, database, ...has] = []] = await session.rows(`SELECT USER_NAME(), DB_NAME(), ${asked.join(', ')}`);
  const missing = wanted.filter((right, i) => has[i] === '0' && (right !== 'ALTER ANY SCHEMA' || schemas.size > 0));
  if (missing.length === 0) return [];
  return [
    {
      check: 'destination_privileges',
      severity: 'block',
      message: `the destination user lacks ${missing.join(', ')} on database ${database}`,
      fix: {
        side: 'destination',
        sql: [`ALTER ROLE db_owner ADD MEMBER ${quote(user ?? '')}`],
        text: 'Let an administrator of the destination grant it; the single rights do as well.',
      },
    },
  ];
}
