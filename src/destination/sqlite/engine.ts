import type { DestinationOptions, ServerInfo } from '../../model/destination.ts';
import { Pg2anyError } from '../../model/error.ts';
import { DEFAULT_RULES } from '../../model/mapping.ts';
import type { Engine } from '../contract.ts';
import { type Constructor, loadDriver } from './database.ts';
import { describeTable } from './describe.ts';
import { sqliteDialectWith } from './dialect.ts';
import { checkLocation, fileOf } from './location.ts';
import { SqliteSession } from './session.ts';

export function openSqlite(options: Pick<DestinationOptions, 'url' | 'rules'>): Engine {
  const file = fileOf(options.url, process.cwd());
  let driver: Constructor | null = null;
  const session = async (): Promise<SqliteSession> => {
    checkLocation(file);
    driver ??= await load();
    return new SqliteSession(driver, file);
  };
  return {
    dialect: sqliteDialectWith(options.rules ?? DEFAULT_RULES),
    singleWriter: true,
    connect: async () => serverInfo(await session()),
    open: session,
    describe: describeTable,
    inspect: async () => [],
    close: async () => {},
  };
}

async function load(): Promise<Constructor> {
  try {
    return await loadDriver();
  } catch (cause) {
    throw new Pg2anyError('DESTINATION_UNSUITABLE', 'the SQLite library has no build for this platform', {
      hint: 'Install with optional dependencies (npm install --include=optional).',
      cause,
    });
  }
}

/** Reads the file if there is one: what is no database is found out here. */
async function serverInfo(session: SqliteSession): Promise<ServerInfo> {
  try {
    await session.rows('PRAGMA schema_version');
    const [row] = await session.rows('SELECT sqlite_version()');
    return { product: 'SQLite', version: row?.[0] ?? '', road: 'prepared statements in one transaction' };
  } finally {
    await session.close();
  }
}
