import type { Socket } from 'node:net';
import { type Admission, greeting } from './greeting.ts';
import { parseLogin } from './login.ts';
import { type Message, PACKET, type Packet } from './packets.ts';
import { type Encryption, parsePrelogin, preloginAnswer } from './prelogin.ts';
import type { Login, Received, Request } from './received.ts';
import { type End, isBroken, type Reply } from './reply.ts';
import { kindOf, parseRequest } from './requests.ts';
import { partsOf, responseOf, type TransactionState } from './response.ts';
import { doneToken, resetDone } from './tokens.ts';
import { Wire } from './wire.ts';

/** What a connection needs from its server. */
export interface Host {
  readonly encryption: Encryption;
  record(event: Received): void;
  admit(login: Login): Admission | Promise<Admission>;
  answer(request: Request): Reply | Promise<Reply>;
  /** The test has a mistake, or the client sent something that this server cannot read. */
  failed(cause: unknown): void;
  closed(link: Link): void;
}

const CANCELED = Symbol('canceled');

/** One connection: what its client asks is answered one after the other. */
export class Link {
  private readonly id: number;
  private readonly host: Host;
  private readonly wire: Wire;
  private readonly transactions = new Transactions();
  /** The first batch after the login is the driver's own. */
  private greeted = false;
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
  }

  close(how: End): void {
    this.wire.close(how);
  }

  private packet(_packet: Packet, _bytes: number): boolean {
    return true;
  }

  private message(message: Message): void {
    if (message.type === PACKET.attention) this.attention();
    else this.work = this.work.then(() => this.take(message)).catch((cause) => this.failed(cause));
  }

  private async take(message: Message): Promise<void> {
    if (message.type === PACKET.prelogin) return this.prelogin(message.data);
    if (message.type === PACKET.login) return await this.login(message.data);
    const of = kindOf(message.type);
    if (of && message.ignore) return this.ignored(of, message.data.length);
    await this.request(parseRequest(message, this.id));
  }

  private prelogin(data: Buffer): void {
    this.host.record({ kind: 'prelogin', connection: this.id, encryption: parsePrelogin(data) });
    this.wire.send(preloginAnswer(this.host.encryption));
  }

  private async login(data: Buffer): Promise<void> {
    const login: Login = { kind: 'login', connection: this.id, encrypted: false, ...parseLogin(data) };
    this.host.record(login);
    this.wire.send(greeting(login, await this.host.admit(login)));
    this.wire.packetSize = login.packetSize;
  }

  private async request(request: Request): Promise<void> {
    if (!this.greeted && request.kind === 'batch') return this.settings(request.text);
    this.host.record(request);
    const reply = await this.canceled(this.host.answer(request));
    if (reply === CANCELED) return this.wire.send(doneToken({ error: true }));
    const response = responseOf(partsOf(reply, request), request, this.transactions);
    const data = request.reset ? Buffer.concat([resetDone(), response]) : response;
    if (isBroken(reply)) this.wire.sendAndClose(data, reply.bytes, reply.how);
    else this.wire.send(data);
  }

  private settings(text: string): void {
    this.greeted = true;
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

  /** The answer to what was canceled ends first; then comes a message of its own. [MS-TDS] 3.3.5.8 */
  private attention(): void {
    this.host.record({ kind: 'attention', connection: this.id });
    this.cancel?.();
    this.work = this.work.then(() => this.wire.send(doneToken({ attention: true })));
  }

  private ignored(of: Request['kind'], bytes: number): void {
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
    this.host.closed(this);
  }
}

/** Descriptors count from 1; ending what never began ends 0, as when a batch does it alone. */
class Transactions implements TransactionState {
  private last = 0n;
  private open = 0n;

  begin(): bigint {
    this.last += 1n;
    this.open = this.last;
    return this.open;
  }

  end(): bigint {
    const ended = this.open;
    this.open = 0n;
    return ended;
  }
}
