import { Pg2anyError } from '../model/error.ts';
import type { Code } from '../model/error-codes.ts';

/** SQLSTATE and Node error codes of the source connection → what they mean to us. Longest prefix wins. */
const BY_STATE: readonly (readonly [prefix: string, code: Code])[] = [
  ['08', 'SOURCE_UNREACHABLE'],
  ['0A000', 'SOURCE_UNSUITABLE'],
  ['22021', 'SOURCE_ENCODING'],
  ['22P05', 'SOURCE_ENCODING'],
  // A standby, where nothing can be created.
  ['25006', 'SOURCE_UNSUITABLE'],
  ['28', 'SOURCE_AUTH'],
  ['3D000', 'SOURCE_AUTH'],
  ['40', 'SOURCE_BUSY'],
  ['42501', 'SOURCE_PRIVILEGE'],
  ['53', 'SOURCE_BUSY'],
  ['55006', 'SLOT_IN_USE'],
  ['57P', 'SOURCE_UNREACHABLE'],
  ['57014', 'SOURCE_BUSY'],
  ['58', 'SOURCE_UNREACHABLE'],
  ['XX', 'SOURCE_UNREACHABLE'],
];

const TLS =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_)/;
const NETWORK = /^(E(?!RR_)[A-Z_]+|ERR_(SOCKET|STREAM)_[A-Z_]+)$/;
const LOST =
  /not queryable|Connection terminated|timeout expired|connection timeout|Query read timeout|Connection ended/i;

function codeOf(state: string, message: string): Code | null {
  const bySqlState = BY_STATE.filter(([prefix]) => state.startsWith(prefix)).sort(
    (a, b) => b[0].length - a[0].length,
  )[0];
  if (/^[0-9A-Z]{5}$/.test(state) && bySqlState) return slotSpecific(state, message) ?? bySqlState[1];
  if (slotSpecific(state, message)) return slotSpecific(state, message);
  if (TLS.test(state) || /SSL|password|SASL|SCRAM/i.test(message)) return 'SOURCE_AUTH';
  if (/^received invalid response/.test(message)) return 'PROTOCOL';
  if (NETWORK.test(state) || LOST.test(message)) return 'SOURCE_UNREACHABLE';
  return null;
}

/** States that mean different things by their text: slots and publications. */
function slotSpecific(state: string, message: string): Code | null {
  if (state === '42704' && message.includes('publication')) return 'PUBLICATION_MISSING';
  if (state === '42704' && message.includes('replication slot')) return 'SLOT_MISSING';
  if (state !== '55000') return null;
  if (/cannot read from logical replication slot|can no longer access replication slot|invalidat/.test(message))
    return 'SLOT_LOST';
  if (/wal_level/.test(message)) return 'SOURCE_UNSUITABLE';
  if (/not created in this database|was not created|output plugin/.test(message)) return 'SLOT_MISMATCH';
  if (/skipped loading publication/.test(message)) return 'PUBLICATION_MISSING';
  return null;
}

/** Errors and the server's notices, which are no Errors. */
function messageOf(error: unknown): string {
  // Every address of a name was tried: the message is empty, the errors say where.
  if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ');
  if (error instanceof Error) return error.message || error.name;
  return String((error as { message?: unknown } | null)?.message ?? error);
}

/** Turns what `pg` threw into a Pg2anyError. `doing` completes "could not …" and never holds a secret. */
export function sourceError(error: unknown, doing: string): Pg2anyError {
  if (error instanceof Pg2anyError) return error;
  const message = messageOf(error);
  const state = String((error as { code?: unknown } | null)?.code ?? '');
  const code = codeOf(state, message) ?? 'INTERNAL';
  const detail = (error as { detail?: string } | null)?.detail;
  const text = `could not ${doing}: ${message}${detail ? ` (${detail})` : ''}${state ? ` [${state}]` : ''}`;
  return new Pg2anyError(code, text, { cause: error });
}
