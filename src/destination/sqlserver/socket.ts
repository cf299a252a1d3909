import { connect, type Socket } from 'node:net';
import { Pg2anyError } from '../../model/error.ts';

/** Where the driver wants to go: the configured server, or where that sent us. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const HEADER = 8;
const ENCRYPTION = 1;
const TERMINATOR = 0xff;
/** ENCRYPT_ON and ENCRYPT_REQ. */
const ENCRYPTED = [1, 3];

/**
 * What the server says about encryption in its answer to PRELOGIN; null where that cannot be told.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/60f56408-0188-4cd5-8b90-25c6f2423868
 */
export function offersEncryption(packet: Buffer): boolean | null {
  for (let at = HEADER; at + 5 <= packet.length && packet[at] !== TERMINATOR; at += 5) {
    if (packet[at] !== ENCRYPTION) continue;
    const answer = packet[HEADER + packet.readUInt16BE(at + 1)];
    return answer === undefined ? null : ENCRYPTED.includes(answer);
  }
  return null;
}

/**
 * Without TCP_NODELAY, which the driver never sets, a message of more than one packet takes 40 ms. `encrypted`: the
 * driver would send the password in clear text where a server offers no TLS, whatever it was told, so the connection is
 * cut before it can.
 */
export function open({ host, port }: Endpoint, encrypted: boolean, shown: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      if (encrypted) refuseClearText(socket, shown);
      resolve(socket);
    });
  });
}

function refuseClearText(socket: Socket, shown: string): void {
  socket.once('data', (packet: Buffer) => {
    if (offersEncryption(packet)) return;
    const message = `${shown} offers no encryption, and encrypt=true asks for it`;
    const hint = 'Turn encryption on at the server, or accept clear text with encrypt=false in the URL.';
    socket.destroy(new Pg2anyError('DESTINATION_AUTH', message, { hint }));
  });
}
