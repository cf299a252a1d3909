import type { LoginFields } from './login.ts';
import type { Encryption } from './prelogin.ts';

/** A value as the client sent it: exact types as text, dates and times as ISO text, unique identifiers in capitals. */
export type Value = null | string | number | bigint | boolean | Buffer;

interface On {
  /** Connections count from 1, in the order they came. */
  readonly connection: number;
}

interface Asked extends On {
  /** The transaction that the client believes to be in; 0n is none. */
  readonly transaction: bigint;
  /** The session was to be reset first. */
  readonly reset: boolean;
}

export interface Prelogin extends On {
  readonly kind: 'prelogin';
  /** What the client asked for. */
  readonly encryption: Encryption;
}

export interface Login extends On, LoginFields {
  readonly kind: 'login';
  /** It came over TLS. */
  readonly encrypted: boolean;
}

/** A token that the client fetched after it was told where. */
export interface FedAuthToken extends On {
  readonly kind: 'fedauth';
  readonly token: string;
}

/** The first batch of a connection, with which a driver sets its session up; it is answered without asking the test. */
export interface Settings extends On {
  readonly kind: 'settings';
  readonly text: string;
}

/** SQL text, sent as such. */
export interface Batch extends Asked {
  readonly kind: 'batch';
  readonly text: string;
}

export interface Parameter {
  /** With its @; empty when it was sent by position. */
  readonly name: string;
  /** As T-SQL declares it: `nvarchar(4000)`. */
  readonly type: string;
  readonly value: Value;
  readonly output: boolean;
}

/** A procedure call. */
export interface Rpc extends Asked {
  readonly kind: 'rpc';
  readonly name: string;
  /** The statement of sp_executesql. */
  readonly sql: string | null;
  /** The parameter declarations of sp_executesql. */
  readonly declarations: string | null;
  /** Without the two above. */
  readonly params: readonly Parameter[];
}

export interface BulkColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** The rows of a bulk load; a batch with its `insert bulk` came before. */
export interface Bulk extends Omit<Asked, 'transaction'> {
  readonly kind: 'bulk';
  /** Empty when no row was sent. */
  readonly columns: readonly BulkColumn[];
  readonly rows: readonly (readonly Value[])[];
}

/** A transaction manager request. */
export interface Transaction extends Asked {
  readonly kind: 'transaction';
  readonly what: 'begin' | 'commit' | 'rollback' | 'save';
  readonly name: string;
  /** Of `begin`: 0 no change, 1 read uncommitted, 2 committed, 3 repeatable read, 4 serializable, 5 snapshot. */
  readonly isolation: number;
}

/** The client cancels the request that it sent. */
export interface Attention extends On {
  readonly kind: 'attention';
}

/** The client took back a request before its last packet. */
export interface Ignored extends On {
  readonly kind: 'ignored';
  readonly of: RequestKind;
  readonly bytes: number;
}

/** The server broke off in the middle of a request, as the test wanted. */
export interface Interrupted extends On {
  readonly kind: 'interrupted';
  readonly of: RequestKind;
  readonly bytes: number;
}

export interface Closed extends On {
  readonly kind: 'closed';
}

/** What waits for an answer. */
export type Request = Batch | Rpc | Bulk | Transaction;
export type RequestKind = Request['kind'];
export type Received =
  | Prelogin
  | Login
  | FedAuthToken
  | Settings
  | Request
  | Attention
  | Ignored
  | Interrupted
  | Closed;
