import { Cursor } from './bytes.ts';

/** How the client wants to prove who it is with a token. [MS-TDS] 2.2.6.4, FEDAUTH */
export type FedAuth =
  | { readonly library: 'token'; readonly token: string }
  /** The client waits to be told where to get its token. */
  | { readonly library: 'adal'; readonly workflow: number };

/** What the LOGIN7 message says. [MS-TDS] 2.2.6.4 */
export interface LoginFields {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly app: string;
  readonly host: string;
  /** The server's name as the client knows it. */
  readonly server: string;
  readonly library: string;
  readonly language: string;
  readonly packetSize: number;
  /** 0x74000004 is TDS 7.4. */
  readonly tdsVersion: number;
  readonly readOnlyIntent: boolean;
  readonly fedAuth: FedAuth | null;
}

/** Where the (offset, length) pairs of the texts are. */
const AT = { host: 36, user: 40, password: 44, app: 48, server: 52, extension: 56, library: 60, language: 64 } as const;
const AT_DATABASE = 68;
const READ_ONLY_INTENT = 0x20;
const EXTENSION_USED = 0x10;
const FEATURE = { fedAuth: 0x02, end: 0xff } as const;
const LIBRARY_TOKEN = 1;

export function parseLogin(data: Buffer): LoginFields {
  const bytesAt = (at: number): Buffer => {
    const offset = data.readUInt16LE(at);
    return data.subarray(offset, offset + data.readUInt16LE(at + 2) * 2);
  };
  const textAt = (at: number): string => bytesAt(at).toString('utf16le');
  return {
    user: textAt(AT.user),
    password: revealed(bytesAt(AT.password)),
    database: textAt(AT_DATABASE),
    app: textAt(AT.app),
    host: textAt(AT.host),
    server: textAt(AT.server),
    library: textAt(AT.library),
    language: textAt(AT.language),
    packetSize: data.readUInt32LE(8),
    tdsVersion: data.readUInt32LE(4),
    readOnlyIntent: (data.readUInt8(26) & READ_ONLY_INTENT) !== 0,
    fedAuth: fedAuthOf(data),
  };
}

/** Each byte of a password was turned by half and XORed with 0xA5. */
function revealed(password: Buffer): string {
  const bytes = password.map((byte) => {
    const turned = byte ^ 0xa5;
    return ((turned << 4) | (turned >> 4)) & 0xff;
  });
  return Buffer.from(bytes).toString('utf16le');
}

function fedAuthOf(data: Buffer): FedAuth | null {
  if ((data.readUInt8(27) & EXTENSION_USED) === 0) return null;
  const cursor = new Cursor(data, data.readUInt32LE(data.readUInt16LE(AT.extension)));
  for (let id = cursor.u8(); id !== FEATURE.end; id = cursor.u8()) {
    const content = new Cursor(cursor.take(cursor.u32()));
    if (id === FEATURE.fedAuth) return readFedAuth(content);
  }
  return null;
}

function readFedAuth(content: Cursor): FedAuth {
  const library = content.u8() >> 1;
  if (library !== LIBRARY_TOKEN) return { library: 'adal', workflow: content.u8() };
  return { library: 'token', token: content.ucs2(content.u32() / 2) };
}

/** A token that the client fetched because the server told it where. [MS-TDS] 2.2.6.3 */
export function parseFedAuthToken(data: Buffer): string {
  const cursor = new Cursor(data);
  cursor.u32();
  return cursor.ucs2(cursor.u32() / 2);
}
