import { greeting, tokenWanted } from './greeting.ts';
import type { Host } from './host.ts';
import { parseFedAuthToken, parseLogin } from './login.ts';
import { type Message, PACKET } from './packets.ts';
import { parsePrelogin, preloginAnswer } from './prelogin.ts';
import type { Login } from './received.ts';
import type { Wire } from './wire.ts';

const NEEDS_TLS: readonly Host['encryption'][] = ['on', 'required'];

/** Everything before the first request of a connection. [MS-TDS] 3.3.5 */
export class Handshake {
  private readonly id: number;
  private readonly host: Host;
  private readonly wire: Wire;
  /** A login that waits for its token. */
  private waiting: Login | null = null;

  constructor(id: number, host: Host, wire: Wire) {
    this.id = id;
    this.host = host;
    this.wire = wire;
    if (host.encryption === 'strict' && host.certificate) wire.secure(host.certificate, 'direct');
  }

  /** False: the message belongs to what comes after. */
  async take({ type, data }: Message): Promise<boolean> {
    if (type === PACKET.prelogin) this.prelogin(data);
    else if (type === PACKET.login) await this.login(data);
    else if (type === PACKET.fedAuthToken) await this.token(data);
    else return false;
    return true;
  }

  private prelogin(data: Buffer): void {
    const { encryption, certificate } = this.host;
    this.host.record({ kind: 'prelogin', connection: this.id, encryption: parsePrelogin(data) });
    this.wire.send(preloginAnswer(encryption === 'strict' ? 'not supported' : encryption));
    if (NEEDS_TLS.includes(encryption) && certificate) this.wire.secure(certificate, 'tunnelled');
  }

  private async login(data: Buffer): Promise<void> {
    const { encrypted } = this.wire;
    const login: Login = { kind: 'login', connection: this.id, encrypted, ...parseLogin(data) };
    this.host.record(login);
    if (login.fedAuth?.library !== 'adal') return await this.admit(login);
    this.waiting = login;
    this.wire.send(tokenWanted());
  }

  private async token(data: Buffer): Promise<void> {
    if (!this.waiting) throw new Error('a token came that nobody asked for');
    this.host.record({ kind: 'fedauth', connection: this.id, token: parseFedAuthToken(data) });
    await this.admit(this.waiting);
  }

  private async admit(login: Login): Promise<void> {
    const admission = await this.host.admit(login);
    if (admission && 'drop' in admission) return this.wire.close(admission.drop);
    this.wire.send(greeting(login, admission));
    this.wire.packetSize = login.packetSize;
  }
}
