import { Pg2anyError } from '../../model/error.ts';
import type { Code } from '../../model/error-codes.ts';

/** The first prefix that fits decides. https://www.sqlite.org/rescode.html */
const CODES: readonly (readonly [prefix: string, code: Code])[] = [
  ['SQLITE_BUSY', 'DESTINATION_BUSY'],
  ['SQLITE_LOCKED', 'DESTINATION_BUSY'],
  ['SQLITE_PROTOCOL', 'DESTINATION_BUSY'],
  ['SQLITE_SCHEMA', 'DESTINATION_BUSY'],
  ['SQLITE_FULL', 'DESTINATION_FULL'],
  ['SQLITE_IOERR', 'DESTINATION_UNREACHABLE'],
  ['SQLITE_CONSTRAINT', 'VALUE_REFUSED'],
  ['SQLITE_MISMATCH', 'VALUE_REFUSED'],
  ['SQLITE_TOOBIG', 'VALUE_REFUSED'],
  ['SQLITE_READONLY', 'DESTINATION_PRIVILEGE'],
  ['SQLITE_PERM', 'DESTINATION_PRIVILEGE'],
  ['SQLITE_AUTH', 'DESTINATION_PRIVILEGE'],
  ['SQLITE_CANTOPEN', 'DESTINATION_UNSUITABLE'],
  ['SQLITE_NOTADB', 'DESTINATION_UNSUITABLE'],
  ['SQLITE_CORRUPT', 'DESTINATION_UNSUITABLE'],
  ['SQLITE_FORMAT', 'DESTINATION_UNSUITABLE'],
];

/** What is plain SQLITE_ERROR, by SQLite's words. */
const MESSAGES: readonly (readonly [pattern: RegExp, code: Code])[] = [
  [/^no such table/, 'TABLE_MISSING'],
  [/no such column|has no column named/, 'TABLE_MISMATCH'],
  [/^Unable to open connection|ConnectionFailed/, 'DESTINATION_UNSUITABLE'],
];

const HINTS: Readonly<Record<string, string>> = {
  SQLITE_NOTADB: 'Point CDC_DEST_URL at a SQLite database or at a file that does not exist yet.',
  SQLITE_CORRUPT: 'Run PRAGMA integrity_check on the file; if it is damaged, remove it and copy the tables again.',
  SQLITE_CANTOPEN: 'Check that the folder exists and that pg2any may write to it.',
};

/** Whatever libsql threw, with `where` (table and key, or the file) in front. */
export function sqliteError(error: unknown, where: string): Pg2anyError {
  if (error instanceof Pg2anyError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const native = nativeCode(error);
  const code =
    CODES.find(([prefix]) => native.startsWith(prefix))?.[1] ??
    MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ??
    'DESTINATION_FAILED';
  const hint = Object.entries(HINTS).find(([prefix]) => native.startsWith(prefix))?.[1];
  return new Pg2anyError(code, `${where}: ${message}`, { cause: error, ...(hint === undefined ? {} : { hint }) });
}

export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(nativeCode(error));

/** A row was refused, and the statement that held it undone: the transaction is as it was before. */
export const isRefusal = (error: unknown): boolean => /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(nativeCode(error));

function nativeCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}
