import { Pg2anyError } from '../../model/error.ts';

/** What a server said about itself when we connected. */
export interface Server {
  /** `SQL Server`, `Azure SQL`, or what speaks its language. */
  readonly product: string;
  readonly version: string;
  /** The schema of tables without one. */
  readonly schema: string;
  /** Whether the database tells names apart by case. */
  readonly caseSensitive: boolean;
}

/** Before the first connection. */
export const GUESSED: Server = { product: 'SQL Server', version: '', schema: 'dbo', caseSensitive: false };

export const SERVER_SQL = `SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)),
  CAST(SERVERPROPERTY('EngineEdition') AS int), CAST(@@VERSION AS nvarchar(400)), SCHEMA_NAME(),
  CASE WHEN N'a' = N'A' THEN 1 ELSE 0 END`;

/** Azure SQL Database, Managed Instance and their kin, which are always the newest. */
const AZURE = new Set(['5', '8', '9', '11', '12']);

/** SQL Server 2016: HASHBYTES without a limit, and DROP … IF EXISTS. */
const OLDEST = 13;

/** The answer to SERVER_SQL. Throws DESTINATION_UNSUITABLE where the server is too old. */
export function readServer(row: readonly (string | null)[]): Server {
  const [version, edition, banner, schema, ignoresCase] = row;
  const product = productOf(banner ?? '', edition ?? '');
  if (product === 'SQL Server' && Number.parseInt(version ?? '', 10) < OLDEST)
    throw new Pg2anyError('DESTINATION_UNSUITABLE', `SQL Server ${version} is too old`, {
      hint: 'Use SQL Server 2016 (13) or newer.',
    });
  return { product, version: version ?? '', schema: schema ?? 'dbo', caseSensitive: ignoresCase !== '1' };
}

function productOf(banner: string, edition: string): string {
  if (/babelfish/i.test(banner)) return 'Babelfish';
  return AZURE.has(edition) ? 'Azure SQL' : 'SQL Server';
}
