import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Certificate, makeAuthority, makeCertificate } from '../certificate.ts';
import { type Admission, refused } from './greeting.ts';
import type { Host, Interruption } from './host.ts';
import { Link } from './link.ts';
import type { Login, Received, Request, RequestKind } from './received.ts';
import type { End, Reply } from './reply.ts';

/** Answers a request; nothing means that it worked and touched no row. It may take its time: the client waits. */
export type Respond = (request: Request) => Reply | Promise<Reply>;
export type Admit = (login: Login) => Admission | Promise<Admission>;

export interface TdsOptions {
  /**
   * What the server says about encryption, whatever the client asks. `not supported` (the default) and `off` go on in
   * clear, `on` and `required` with TLS inside; `strict` is TLS before everything else.
   */
  readonly encryption?: Host['encryption'];
  /** The host that the server's certificate names; localhost when not given. */
  readonly certificateFor?: string;
  /** Another password is refused with error 18456. */
  readonly password?: string;
  /** Another database is refused with error 4060. */
  readonly database?: string;
  readonly respond?: Respond;
}

const CLEAR: readonly Host['encryption'][] = ['not supported', 'off'];

/** A server that speaks TDS 7.4 on 127.0.0.1, records what it is asked and answers as the test says. [MS-TDS] */
export class TdsServer {
  /** In the order it came. */
  readonly received: Received[] = [];
  respond: Respond;
  /** Decides about logins; by default by the password and the database of the options. */
  admit: Admit;
  /** Who signed the server's certificate, as PEM. */
  readonly ca: string;
  private readonly encryption: Host['encryption'];
  private readonly certificate: Certificate | null;
  private readonly server: Server;
  private readonly links = new Set<Link>();
  private readonly failures: unknown[] = [];
  private accepted = 0;
  private interruption: Interruption | null = null;

  private constructor(options: TdsOptions) {
    this.respond = options.respond ?? (() => null);
    this.admit = (login) => checked(login, options);
    this.encryption = options.encryption ?? 'not supported';
    const authority = CLEAR.includes(this.encryption) ? null : makeAuthority('TDS server tests');
    this.certificate = authority && makeCertificate(authority, options.certificateFor ?? 'localhost');
    this.ca = authority?.cert ?? '';
    this.server = createServer((socket) => this.accept(socket));
  }

  static async start(options: TdsOptions = {}): Promise<TdsServer> {
    const server = new TdsServer(options);
    server.server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return server;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Open now. */
  get connections(): number {
    return this.links.size;
  }

  /** What was put to `respond`. */
  get requests(): Request[] {
    return this.received.filter(isRequest);
  }

  /** The texts of batches and of statements with parameters. */
  get texts(): string[] {
    return this.requests.flatMap(textsOf);
  }

  /** Breaks off the next request of this kind that is longer, once. */
  interrupt(of: RequestKind, afterBytes = 0, how: Interruption['how'] = 'reset'): void {
    this.interruption = { of, afterBytes, how };
  }

  /** Closes every open connection now. */
  drop(how: End = 'reset'): void {
    for (const link of this.links) link.close(how);
  }

  /** Throws what went wrong on this side: a mistake in `respond`, or bytes that could not be read. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.drop();
    await closed;
    if (this.failures.length) throw new AggregateError(this.failures, `the TDS server failed: ${this.failures[0]}`);
  }

  private accept(socket: Socket): void {
    socket.setNoDelay(true);
    this.accepted += 1;
    const link: Link = new Link(this.accepted, socket, {
      encryption: this.encryption,
      certificate: this.certificate,
      record: (event) => this.received.push(event),
      admit: (login) => this.admit(login),
      answer: async (request) => await this.respond(request),
      interrupted: (of, bytes) => this.interrupted(of, bytes),
      failed: (cause) => this.failures.push(cause),
      closed: () => this.links.delete(link),
    });
    this.links.add(link);
  }

  private interrupted(of: RequestKind, bytes: number): Interruption['how'] | null {
    if (this.interruption?.of !== of || bytes <= this.interruption.afterBytes) return null;
    const { how } = this.interruption;
    this.interruption = null;
    return how;
  }
}

function checked({ user, password, database }: Login, options: TdsOptions): Admission {
  if (options.password !== undefined && password !== options.password) {
    return refused(18456, `Login failed for user '${user}'.`);
  }
  if (options.database === undefined || database === options.database) return null;
  return refused(4060, `Cannot open database "${database}" requested by the login. The login failed.`);
}

const REQUESTS: readonly string[] = ['batch', 'rpc', 'bulk', 'transaction'] satisfies RequestKind[];
const isRequest = (event: Received): event is Request => REQUESTS.includes(event.kind);

function textsOf(request: Request): string[] {
  if (request.kind === 'batch') return [request.text];
  return request.kind === 'rpc' && request.sql !== null ? [request.sql] : [];
}
