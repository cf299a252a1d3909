import { Pg2anyError } from '../../model/error.ts';
import type { Code } from '../../model/error-codes.ts';

/**
 * https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors,
 * https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues
 */
const NUMBERS: readonly (readonly [code: Code, numbers: readonly number[]])[] = [
  ['DESTINATION_BUSY', [701, 1204, 1205, 1222, 3960, 3961, 8645, 10928, 10929, 40501, 40544, 49918, 49919, 49920]],
  ['DESTINATION_UNREACHABLE', [596, 6005, 17142, 40143, 40197, 40540, 40613, 42108, 42109]],
  ['DESTINATION_AUTH', [911, 916, 4060, 18452, 18456, 18461, 18470, 18486, 18487, 18488, 40532, 40615]],
  ['DESTINATION_PRIVILEGE', [229, 230, 262, 297, 300, 1088, 2760, 3906, 6102, 15247, 15151]],
  ['DESTINATION_FULL', [1101, 1105, 9002, 40545, 40549, 40552]],
  ['TABLE_MISSING', [208]],
  ['TABLE_MISMATCH', [207, 213, 8101, 8102, 8106, 271, 4902]],
  [
    'VALUE_REFUSED',
    [220, 232, 241, 242, 245, 248, 295, 515, 517, 544, 547, 1934, 2601, 2627, 2628, 8114, 8115, 8134, 8152, 8169, 8170],
  ],
];

const BY_NUMBER: ReadonlyMap<number, Code> = new Map(
  NUMBERS.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)),
);

const HINTS: ReadonlyMap<number, string> = new Map([
  [911, 'Create it first: CREATE DATABASE.'],
  [4060, 'Create the database first, and a user in it for this login: CREATE USER … FOR LOGIN ….'],
  [916, 'Create a user in the database for this login: CREATE USER … FOR LOGIN ….'],
  [229, 'Grant it, or make the user a member of db_owner: ALTER ROLE db_owner ADD MEMBER ….'],
  [262, 'Grant it, or make the user a member of db_owner: ALTER ROLE db_owner ADD MEMBER ….'],
  [9002, 'Back up the transaction log, or give it room: a source transaction is one transaction at the destination.'],
]);

/** Messages of the driver that come without a code of the system. */
const TLS =
  /self.signed|certificate|SSL routines|alert (number|handshake)|wrong version number|unable to verify|EENCRYPT/i;
const LOST =
  /^(ECONN|EPIPE$|EHOST|ENET|ENOTFOUND$|EAI_AGAIN$|ETIMEDOUT$|ETIMEOUT$|ESOCKET$|ECLOSE$|EINSTLOOKUP$|EINVALIDSTATE$|ERR_STREAM|ERR_SOCKET)/;

interface Native {
  readonly number: number;
  readonly code: string;
  readonly message: string;
}

/** The first of several errors says what happened; the last that the statement was ended. */
function native(error: unknown): Native {
  const first = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const found = (typeof first === 'object' && first !== null ? first : {}) as Record<string, unknown>;
  const text = first instanceof Error ? first.message : String(first);
  return {
    number: typeof found.number === 'number' ? found.number : 0,
    code: typeof found.code === 'string' ? found.code : '',
    message: text || 'unknown error',
  };
}

function codeOf({ number, code, message }: Native): Code {
  const known = BY_NUMBER.get(number);
  if (known) return known;
  if (TLS.test(message)) return 'DESTINATION_AUTH';
  // over TLS a connection that ends in the middle of an answer has no code
  if (LOST.test(code) || /end of message stream|socket hang up/i.test(message)) return 'DESTINATION_UNREACHABLE';
  return code === 'ELOGIN' ? 'DESTINATION_AUTH' : 'DESTINATION_FAILED';
}

/** Whatever the driver threw, with `where` (table and key, or the server) in front. */
export function sqlServerError(error: unknown, where: string): Pg2anyError {
  const own = ownError(error);
  if (own) return own;
  const found = native(error);
  const hint = HINTS.get(found.number);
  const number = found.number > 0 ? ` (${found.number})` : '';
  return new Pg2anyError(codeOf(found), `${where}: ${found.message}${number}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The driver wraps what its socket threw. */
function ownError(error: unknown): Pg2anyError | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Pg2anyError) return at;
  return null;
}

/** A row was refused; with XACT_ABORT the transaction is gone. */
export const isRefusal = (error: unknown): boolean => codeOf(native(error)) === 'VALUE_REFUSED';

/** Login errors carry no number: it comes in a message of its own. */
export function withNumber(error: unknown, number: number | null): unknown {
  if (error instanceof Error && number !== null && !('number' in error && error.number))
    Object.assign(error, { number });
  return error;
}
