import { i32, longBytes, longText, shortBytes, shortText, u8, u16, u32, u32be, u64 } from './bytes.ts';

/** An ERROR or INFO token. [MS-TDS] 2.2.7.10, 2.2.7.13 */
export interface Notice {
  readonly number: number;
  readonly message: string;
  readonly state?: number;
  /** Class: 11 and more is an error, 20 and more ends the connection. */
  readonly severity?: number;
  readonly line?: number;
  readonly procedure?: string;
}

const TOKEN = { returnStatus: 0x79, error: 0xaa, info: 0xab, loginAck: 0xad, featureExtAck: 0xae } as const;
const TOKEN_ENV = 0xe3;
const TOKEN_FED_AUTH_INFO = 0xee;
const DONE = { statement: 0xfd, procedure: 0xfe, inProcedure: 0xff } as const;
/** DONE status bits. [MS-TDS] 2.2.7.6 */
const BIT = { more: 0x01, error: 0x02, count: 0x10, attention: 0x20 } as const;

const SERVER = 'mock';

const withLength = (token: number, content: Buffer): Buffer => Buffer.concat([u8(token), longBytes(content)]);

function notice(token: number, { number, message, ...rest }: Notice, severity: number): Buffer {
  const content = [i32(number), u8(rest.state ?? 1), u8(rest.severity ?? severity), longText(message)];
  const where = [shortText(SERVER), shortText(rest.procedure ?? ''), u32(rest.line ?? 1)];
  return withLength(token, Buffer.concat([...content, ...where]));
}

export const errorToken = (error: Notice): Buffer => notice(TOKEN.error, error, 16);
export const infoToken = (info: Notice): Buffer => notice(TOKEN.info, info, 0);

export interface DoneFacts {
  readonly of?: keyof typeof DONE;
  /** Rows; null: not counted. */
  readonly count?: number | null;
  readonly more?: boolean;
  readonly error?: boolean;
  readonly attention?: boolean;
}

/** DONE, DONEPROC, DONEINPROC. [MS-TDS] 2.2.7.6–8 */
export function doneToken({ of = 'statement', count = null, more, error, attention }: DoneFacts = {}): Buffer {
  const bits = [more && BIT.more, error && BIT.error, count !== null && BIT.count, attention && BIT.attention];
  const status = bits.reduce<number>((all, bit) => all | (bit || 0), 0);
  return Buffer.concat([u8(DONE[of]), u16(status), u16(0), u64(BigInt(count ?? 0))]);
}

export const returnStatusToken = (status: number): Buffer => Buffer.concat([u8(TOKEN.returnStatus), i32(status)]);

/** ENVCHANGE types. [MS-TDS] 2.2.7.9 */
const ENV = {
  database: 1,
  packetSize: 4,
  collation: 7,
  begin: 8,
  commit: 9,
  rollback: 10,
  reset: 18,
  route: 20,
} as const;

const env = (type: number, now: Buffer, old: Buffer): Buffer =>
  withLength(TOKEN_ENV, Buffer.concat([u8(type), now, old]));
const NOTHING = Buffer.of(0);
/** SQL_Latin1_General_CP1_CI_AS, the default of an English installation. */
export const COLLATION = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);

export const databaseChange = (name: string): Buffer => env(ENV.database, shortText(name), shortText('master'));
export const packetSizeChange = (bytes: number): Buffer =>
  env(ENV.packetSize, shortText(String(bytes)), shortText('4096'));
export const collationChange = (): Buffer => env(ENV.collation, shortBytes(COLLATION), NOTHING);
export const resetDone = (): Buffer => env(ENV.reset, NOTHING, NOTHING);

/** A transaction began, or the open one ended. */
export function transactionChange(what: 'begin' | 'commit' | 'rollback', descriptor: bigint): Buffer {
  const id = shortBytes(u64(descriptor));
  return what === 'begin' ? env(ENV.begin, id, NOTHING) : env(ENV[what], NOTHING, id);
}

/** "Log in over there": Azure's redirect. */
export function routeChange(host: string, port: number): Buffer {
  return env(ENV.route, longBytes(Buffer.concat([u8(0), u16(port), longText(host)])), u16(0));
}

/** [MS-TDS] 2.2.7.14 */
export function loginAck(tdsVersion: number): Buffer {
  const content = [u8(1), u32be(tdsVersion), shortText('Microsoft SQL Server'), Buffer.of(16, 0, 0x03, 0xe8)];
  return withLength(TOKEN.loginAck, Buffer.concat(content));
}

/** The token was taken. [MS-TDS] 2.2.7.11 */
export const fedAuthAck = (): Buffer => Buffer.concat([u8(TOKEN.featureExtAck), u8(0x02), u32(0), u8(0xff)]);

/** Where the client is to get its token. [MS-TDS] 2.2.7.12 */
export function fedAuthInfo(sts: string, spn: string): Buffer {
  const texts = [sts, spn].map((text) => Buffer.from(text, 'utf16le'));
  let offset = 4 + texts.length * 9;
  const heads = texts.map((text, index) => {
    const head = Buffer.concat([u8(index + 1), u32(text.length), u32(offset)]);
    offset += text.length;
    return head;
  });
  const content = Buffer.concat([u32(texts.length), ...heads, ...texts]);
  return Buffer.concat([u8(TOKEN_FED_AUTH_INFO), u32(content.length), content]);
}
