import { Pg2anyError } from '../../model/error.ts';
import type { Code } from '../../model/error-codes.ts';

/**
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html,
 * https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
const NUMBERS: readonly (readonly [code: Code, numbers: readonly number[]])[] = [
  ['DESTINATION_BUSY', [1040, 1129, 1203, 1205, 1206, 1213, 1226, 1969, 3024, 3572]],
  ['DESTINATION_UNREACHABLE', [1053, 1152, 1158, 1159, 1160, 1161, 1317, 1927, 2006, 2013]],
  ['DESTINATION_AUTH', [1044, 1045, 1049, 1130, 1251, 1698, 1820, 1862, 2049, 3118, 3159]],
  ['DESTINATION_PRIVILEGE', [1142, 1143, 1227, 1290, 1370, 1419, 1836]],
  ['DESTINATION_FULL', [1021, 1114]],
  ['DESTINATION_UNSUITABLE', [1197]],
  ['TABLE_MISSING', [1146]],
  ['TABLE_MISMATCH', [1054]],
  // 1263 is what a REPLACE by load says for 1048, 1644 what a trigger says
  [
    'VALUE_REFUSED',
    [1048, 1062, 1216, 1217, 1263, 1264, 1265, 1292, 1364, 1366, 1406, 1411, 1451, 1452, 1586, 1644, 3819, 4025],
  ],
  ['VALUE_UNREPRESENTABLE', [1153]],
];

const BY_NUMBER: ReadonlyMap<number, Code> = new Map(
  NUMBERS.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)),
);

const LOST =
  /^(ECONN|EPIPE$|ETIMEDOUT$|EHOST|ENET|ENOTFOUND$|EAI_AGAIN$|PROTOCOL_CONNECTION_LOST$|PROTOCOL_SEQUENCE_TIMEOUT$|ERR_STREAM|ERR_SOCKET)/;
const TLS = /^(HANDSHAKE_|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|AUTH_SWITCH)/;

const HINTS: ReadonlyMap<number, string> = new Map([
  [1044, 'Grant it: GRANT ALL ON `database`.* TO the user.'],
  [1049, 'Create it first: CREATE DATABASE.'],
  [1129, 'Run FLUSH HOSTS there once what broke the connections is mended.'],
  [1197, 'Raise max_binlog_cache_size: a source transaction is one transaction at the destination, however large.'],
]);

interface Native {
  readonly errno: number;
  readonly code: string;
  readonly message: string;
}

function native(error: unknown): Native {
  const found = (typeof error === 'object' && error !== null ? error : {}) as Partial<Record<keyof Native, unknown>>;
  const text = error instanceof Error ? error.message : String(error);
  return {
    errno: typeof found.errno === 'number' ? found.errno : 0,
    code: typeof found.code === 'string' ? found.code : '',
    message: text || (typeof found.code === 'string' ? found.code : 'unknown error'),
  };
}

function codeOf({ errno, code, message }: Native): Code {
  if (LOST.test(code)) return 'DESTINATION_UNREACHABLE';
  if (TLS.test(code)) return 'DESTINATION_AUTH';
  // handler error 28 is ENOSPC, 168 InnoDB's own word for it
  if (errno === 1030 && /\b(28|168)\b/.test(message)) return 'DESTINATION_FULL';
  const known = BY_NUMBER.get(errno);
  if (known) return known;
  return /closed state|connection (lost|was killed)/i.test(message) ? 'DESTINATION_UNREACHABLE' : 'DESTINATION_FAILED';
}

/** Whatever the driver threw, with `where` (table and key, or the server) in front. */
export function mysqlError(error: unknown, where: string): Pg2anyError {
  if (error instanceof Pg2anyError) return error;
  const found = native(error);
  const hint = HINTS.get(found.errno);
  const number = found.errno > 0 ? ` (${found.errno})` : '';
  return new Pg2anyError(codeOf(found), `${where}: ${found.message}${number}`, {
    cause: withoutSql(error),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The driver hangs the whole statement on its errors: megabytes of the user's rows. */
function withoutSql(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'sql' in error) error.sql = undefined;
  return error;
}

/** The row was refused, and the statement that held it undone: the transaction is as it was before. */
export const isRefusal = (error: unknown): boolean => codeOf(native(error)) === 'VALUE_REFUSED';
export const isDuplicate = (error: unknown): boolean => native(error).errno === 1062;
/** A row of another table still refers to this one. */
export const isReferenced = (error: unknown): boolean => [1217, 1451].includes(native(error).errno);
/** The server speaks no TLS. */
export const isWithoutTls = (error: unknown): boolean => native(error).code === 'HANDSHAKE_NO_SSL_SUPPORT';
/** `local_infile` was turned off, or the server does not do it. */
export const isLoadingOff = (error: unknown): boolean => [1148, 3948, 4166].includes(native(error).errno);
