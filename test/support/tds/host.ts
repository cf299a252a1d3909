import type { Certificate } from '../certificate.ts';
import type { Admission } from './greeting.ts';
import type { Encryption } from './prelogin.ts';
import type { Login, Received, Request, RequestKind } from './received.ts';
import type { End, Reply } from './reply.ts';

/** Where the server breaks off a request that is still coming. */
export interface Interruption {
  readonly of: RequestKind;
  /** Of the message, without packet headers: the packet that goes beyond is the last one read. */
  readonly afterBytes: number;
  /** `stall`: the connection stays open, but nobody reads any more. */
  readonly how: End | 'stall';
}

/** What a connection needs from its server. */
export interface Host {
  /** `strict`: TLS comes before everything else. */
  readonly encryption: Encryption | 'strict';
  /** For the encryptions that need one. */
  readonly certificate: Certificate | null;
  record(event: Received): void;
  admit(login: Login): Admission | Promise<Admission>;
  answer(request: Request): Reply | Promise<Reply>;
  /** What to do about a request of which so many bytes have come; null is nothing. */
  interrupted(of: RequestKind, bytes: number): Interruption['how'] | null;
  /** The test has a mistake, or the client sent something that this server cannot read. */
  failed(cause: unknown): void;
  closed(): void;
}
