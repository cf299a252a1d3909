import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { until } from '../wait.ts';
import { u16 } from './bytes.ts';

/** Clients know this port, and no other. */
const PORT = 1434;

/** SQL Server Browser on 127.0.0.1: tells the TCP ports of named instances. One at a time, so others wait. [MC-SQLR] */
export class InstanceBrowser {
  private readonly socket: Socket;

  private constructor(socket: Socket, ports: Readonly<Record<string, number>>) {
    this.socket = socket;
    const answer = Buffer.from(Object.entries(ports).map(entry).join(''), 'ascii');
    const response = Buffer.concat([Buffer.of(0x05), u16(answer.length), answer]);
    socket.on('message', (_asked: Buffer, { port, address }: RemoteInfo) => socket.send(response, port, address));
  }

  static async start(ports: Readonly<Record<string, number>>): Promise<InstanceBrowser> {
    return new InstanceBrowser(await until(bound, { what: `UDP port ${PORT} to be free` }), ports);
  }

  async close(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}

const entry = ([name, port]: readonly [string, number]): string =>
  `ServerName;MOCK;InstanceName;${name};IsClustered;No;Version;16.0.1000.6;tcp;${port};;`;

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(PORT, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
