import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its private key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What signs others. */
export interface Authority extends Certificate {
  readonly name: string;
  readonly privateKey: KeyObject;
}

const DAY_MS = 86_400_000;

/** DER: tag, length, content. https://www.itu.int/rec/T-REC-X.690 */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const long = Buffer.from(body.length.toString(16).padStart(4, '0'), 'hex');
  const length = body.length < 0x80 ? Buffer.of(body.length) : Buffer.concat([Buffer.of(0x82), long]);
  return Buffer.concat([Buffer.of(tag), length, body]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const octets = (content: Buffer): Buffer => der(0x04, content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const utc = (at: Date): Buffer => der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const COMMON_NAME = oid('550403');
const ALT_NAME = oid('551d11');
const CONSTRAINTS = oid('551d13');

const nameOf = (text: string): Buffer => sequence(der(0x31, sequence(COMMON_NAME, utf8(text))));

function altName(host: string): Buffer {
  const name = isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));
  return sequence(ALT_NAME, octets(sequence(name)));
}

const authority = sequence(CONSTRAINTS, der(0x01, Buffer.of(0xff)), octets(sequence(der(0x01, Buffer.of(0xff)))));

interface Request {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extension: Buffer;
}

/** An X.509 certificate of version 3. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function issue({ subject, issuer, publicKey, signer, extension }: Request): string {
  const serial = der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)]));
  const now = Date.now();
  const validity = sequence(utc(new Date(now - DAY_MS)), utc(new Date(now + 30 * DAY_MS)));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    serial,
    ECDSA_SHA256,
    nameOf(issuer),
    validity,
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', body, signer));
  const text = sequence(body, ECDSA_SHA256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${text.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
}

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A self-signed authority. */
export function makeAuthority(name: string): Authority {
  const { publicKey, privateKey } = pair();
  const cert = issue({ subject: name, issuer: name, publicKey, signer: privateKey, extension: authority });
  return { name, cert, key: pem(privateKey), privateKey };
}

/** A server's certificate for one host name or IPv4 address. */
export function makeCertificate(by: Authority, host: string): Certificate {
  const { publicKey, privateKey } = pair();
  const facts = { subject: host, issuer: by.name, publicKey, signer: by.privateKey, extension: altName(host) };
  return { cert: issue(facts), key: pem(privateKey) };
}
