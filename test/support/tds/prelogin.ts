import { u16be } from './bytes.ts';

/** What a side says about encryption. [MS-TDS] 2.2.6.5 */
export const ENCRYPTION = { off: 0, on: 1, 'not supported': 2, required: 3 } as const;
export type Encryption = keyof typeof ENCRYPTION;

const OPTION = { version: 0x00, encryption: 0x01, mars: 0x04, end: 0xff } as const;
/** 16.0.1000, as UL_VERSION and US_SUBBUILD. */
const VERSION = Buffer.of(16, 0, 0x03, 0xe8, 0, 0);

/** What the client says about encryption. */
export function parsePrelogin(data: Buffer): Encryption {
  for (let at = 0; data[at] !== OPTION.end; at += 5) {
    if (data[at] !== OPTION.encryption) continue;
    const value = data.readUInt8(data.readUInt16BE(at + 1));
    const found = Object.entries(ENCRYPTION).find(([, number]) => number === value);
    if (!found) throw new Error(`the client asks for encryption ${value}`);
    return found[0] as Encryption;
  }
  throw new Error('the client says nothing about encryption');
}

/** The server's side: a list of (option, offset, length), then the values. */
export function preloginAnswer(encryption: Encryption): Buffer {
  const options: readonly (readonly [number, Buffer])[] = [
    [OPTION.version, VERSION],
    [OPTION.encryption, Buffer.of(ENCRYPTION[encryption])],
    [OPTION.mars, Buffer.of(0)],
  ];
  let offset = options.length * 5 + 1;
  const heads = options.map(([option, value]) => {
    const head = Buffer.concat([Buffer.of(option), u16be(offset), u16be(value.length)]);
    offset += value.length;
    return head;
  });
  return Buffer.concat([...heads, Buffer.of(OPTION.end), ...options.map(([, value]) => value)]);
}
