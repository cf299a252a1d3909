import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Certificate } from '../certificate.ts';
import {
  FIRST_PACKET_SIZE,
  framed,
  type Message,
  MessageReader,
  PACKET,
  type Packet,
  PacketReader,
} from './packets.ts';
import type { End } from './reply.ts';
import { Tunnel } from './tunnel.ts';

/** What happens on a wire. */
export interface WireEvents {
  /** Every packet before it counts; `bytes` came before it in its message. False: it never arrived. */
  packet(packet: Packet, bytes: number): boolean;
  message(message: Message): void;
  closed(): void;
  failed(cause: unknown): void;
}

/** Messages over a socket. */
export class Wire {
  packetSize = FIRST_PACKET_SIZE;
  private readonly socket: Socket;
  private readonly events: WireEvents;
  private readonly packets = new PacketReader();
  private readonly messages = new MessageReader();
  private stream: Duplex;
  private deaf = false;

  constructor(socket: Socket, events: WireEvents) {
    this.socket = socket;
    this.stream = socket;
    this.events = events;
    // A client that goes away in the middle is what tests are for; `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', () => events.closed());
    this.listen(socket);
  }

  get encrypted(): boolean {
    return this.stream instanceof TLSSocket;
  }

  /** The client goes on with a TLS handshake: in PRELOGIN packets, or at once, as TDS 8.0 does. */
  secure(certificate: Certificate, how: 'tunnelled' | 'direct'): void {
    this.socket.removeAllListeners('data');
    const below = how === 'tunnelled' ? new Tunnel(this.socket) : this.socket;
    const { cert, key } = certificate;
    const tls = new TLSSocket(below, { isServer: true, cert, key, ALPNProtocols: ['tds/8.0'] });
    // A client that does not trust the certificate says so itself.
    tls.on('error', () => this.socket.destroy());
    this.listen(tls);
  }

  private listen(stream: Duplex): void {
    this.stream = stream;
    stream.on('data', (chunk: Buffer) => this.receive(chunk));
  }

  private receive(chunk: Buffer): void {
    if (this.deaf) return;
    try {
      for (const packet of this.packets.push(chunk)) {
        if (!this.events.packet(packet, this.messages.bytes)) return;
        const message = this.messages.push(packet);
        if (message) this.events.message(message);
      }
    } catch (cause) {
      this.events.failed(cause);
    }
  }

  send(data: Buffer): void {
    this.stream.write(framed(PACKET.response, data, this.packetSize));
  }

  /** Bytes that need not be packets. */
  sendRaw(bytes: Buffer): void {
    this.stream.write(bytes);
  }

  /** Sends at most so many bytes, then closes. */
  sendAndClose(data: Buffer, bytes: number, how: End): void {
    const whole = bytes > 0 ? framed(PACKET.response, data, this.packetSize) : Buffer.alloc(0);
    this.stream.write(whole.subarray(0, bytes), () => this.close(how));
  }

  close(how: End): void {
    this.deaf = true;
    if (how === 'reset') this.socket.resetAndDestroy();
    else this.stream.end();
  }

  /** Reads no more; the connection stays open. */
  stall(): void {
    this.deaf = true;
    this.stream.pause();
    this.socket.pause();
  }
}
