import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { FIRST_PACKET_SIZE, framed, MessageReader, PACKET, PacketReader } from './packets.ts';

type Done = (error?: Error | null) => void;

/**
 * The bytes of TLS over a socket: during the handshake they travel in PRELOGIN packets, one message for every flight;
 * then the packets travel in TLS. [MS-TDS] 2.2.6.5, 3.3.5
 */
export class Tunnel extends Duplex {
  private readonly socket: Socket;
  private readonly packets = new PacketReader();
  private readonly messages = new MessageReader();
  /** The client has sent its first record outside of packets; the server never speaks first. */
  private open = false;

  constructor(socket: Socket) {
    super();
    this.socket = socket;
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => this.feed(chunk));
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
  }

  private feed(chunk: Buffer): void {
    if (!this.open && this.packets.idle) this.open = chunk[0] !== PACKET.prelogin;
    if (this.open) this.push(chunk);
    else for (const packet of this.packets.push(chunk)) this.flight(this.messages.push(packet)?.data);
  }

  private flight(data: Buffer | undefined): void {
    if (data) this.push(data);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.socket.write(this.open ? chunk : framed(PACKET.prelogin, chunk, FIRST_PACKET_SIZE), done);
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', done);
  }

  override _final(done: Done): void {
    this.socket.end(() => done());
  }
}
