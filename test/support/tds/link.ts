import type { Socket } from 'node:net';
import { Handshake } from './handshake.ts';
import type { Host } from './host.ts';
import { type Message, PACKET, type Packet } from './packets.ts';
import type { Request, RequestKind } from './received.ts';
import { type End, isBroken, isUnframed, type Reply } from './reply.ts';
import { kindOf, parseRequest } from './requests.ts';
import { partsOf, responseOf } from './response.ts';
import { doneToken, resetDone } from './tokens.ts';
import { Transactions } from './transactions.ts';
import { Wire } from './wire.ts';

const CANCELED = Symbol('canceled');

/** One connection: what its client asks is answered one after the other. */
export class Link {
  private readonly id: number;
  private readonly host: Host;
  private readonly wire: Wire;
  private readonly handshake: Handshake;
  private readonly transactions = new Transactions();
  /** The first batch after the login is the driver's own. */
  private settled = false;
  private work: Promise<void> = Promise.resolve();
  /** Ends the wait for the answer that is being made. */
  private cancel: (() => void) | null = null;

  constructor(id: number, socket: Socket, host: Host) {
    this.id = id;
    this.host = host;
    this.wire = new Wire(socket, {
      packet: (packet, bytes) => this.packet(packet, bytes),
      message: (message) => this.message(message),
      failed: (cause) => this.failed(cause),
      closed: () => this.closed(),
    });
    this.handshake = new Handshake(id, host, this.wire);
  }

  close(how: End): void {
    this.wire.close(how);
  }

  private packet({ type, data, last }: Packet, before: number): boolean {
    const of = kindOf(type);
    const bytes = before + data.length;
    const how = of && !last ? this.host.interrupted(of, bytes) : null;
    if (!of || !how) return true;
    this.host.record({ kind: 'interrupted', connection: this.id, of, bytes });
    if (how === 'stall') this.wire.stall();
    else this.wire.close(how);
    return false;
  }

  private message(message: Message): void {
    if (message.type === PACKET.attention) this.attention();
    else this.work = this.work.then(() => this.take(message)).catch((cause) => this.failed(cause));
  }

  private async take(message: Message): Promise<void> {
    if (await this.handshake.take(message)) return;
    const of = kindOf(message.type);
    if (of && message.ignore) this.ignored(of, message.data.length);
    else await this.request(parseRequest(message, this.id));
  }

  private async request(request: Request): Promise<void> {
    if (!this.settled && request.kind === 'batch') return this.settings(request.text);
    this.host.record(request);
    const reply = await this.canceled(this.host.answer(request));
    if (reply === CANCELED) this.wire.send(doneToken({ error: true }));
    else this.answer(request, reply);
  }

  private answer(request: Request, reply: Reply): void {
    if (isUnframed(reply)) {
      this.wire.sendRaw(reply.unframed);
      return;
    }
    const response = responseOf(partsOf(reply, request), request, this.transactions);
    const data = request.reset ? Buffer.concat([resetDone(), response]) : response;
    if (isBroken(reply)) this.wire.sendAndClose(data, reply.bytes, reply.how);
    else this.wire.send(data);
  }

  private settings(text: string): void {
    this.settled = true;
    this.host.record({ kind: 'settings', connection: this.id, text });
    this.wire.send(doneToken());
  }

  private async canceled(reply: Reply | Promise<Reply>): Promise<Reply | typeof CANCELED> {
    const attention = new Promise<typeof CANCELED>((resolve) => {
      this.cancel = () => resolve(CANCELED);
    });
    try {
      return await Promise.race([reply, attention]);
    } finally {
      this.cancel = null;
    }
  }

  /** The answer to what was canceled ends first; then comes a message of its own. [MS-TDS] 2.2.1.7 */
  private attention(): void {
    this.host.record({ kind: 'attention', connection: this.id });
    this.cancel?.();
    this.work = this.work.then(() => this.wire.send(doneToken({ attention: true })));
  }

  private ignored(of: RequestKind, bytes: number): void {
    this.host.record({ kind: 'ignored', connection: this.id, of, bytes });
    this.wire.send(doneToken({ error: true }));
  }

  private failed(cause: unknown): void {
    this.host.failed(cause);
    this.wire.close('reset');
  }

  private closed(): void {
    this.cancel?.();
    this.host.record({ kind: 'closed', connection: this.id });
    this.host.closed();
  }
}
