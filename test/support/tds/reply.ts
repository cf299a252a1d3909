import type { Column } from './cells.ts';
import type { Value } from './received.ts';
import type { Notice } from './tokens.ts';

/** A piece of an answer. Rows, counts and errors end a statement each. */
export type Part =
  | { readonly kind: 'rows'; readonly columns: readonly Column[]; readonly rows: readonly (readonly Value[])[] }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'error'; readonly error: Notice }
  | { readonly kind: 'info'; readonly info: Notice }
  /** What a batch did to the transaction. */
  | { readonly kind: 'transaction'; readonly what: 'begin' | 'commit' | 'rollback' }
  /** Bytes where a token should be. */
  | { readonly kind: 'raw'; readonly bytes: Buffer };

/** FIN after what was sent, or RST. */
export type End = 'end' | 'reset';

/** An answer after which, or in the middle of which, the connection is gone. */
export interface Broken {
  readonly parts: readonly Part[];
  readonly how: End;
  /** Bytes of the response, packet headers included, that are still sent. */
  readonly bytes: number;
}

/** Bytes where packets should be. */
export interface Unframed {
  readonly unframed: Buffer;
}

/** Nothing is `count(0)`, or the number of rows of a bulk load. */
export type Reply = Part | readonly Part[] | Broken | Unframed | false | null | undefined;

export const rows = (columns: readonly Column[], ...values: readonly (readonly Value[])[]): Part => ({
  kind: 'rows',
  columns,
  rows: values,
});

export const count = (number: number): Part => ({ kind: 'count', count: number });

export const error = (number: number, message = `error ${number}`, rest: Partial<Notice> = {}): Part => ({
  kind: 'error',
  error: { ...rest, number, message },
});

export const info = (number: number, message: string, rest: Partial<Notice> = {}): Part => ({
  kind: 'info',
  info: { ...rest, number, message },
});

export const transaction = (what: 'begin' | 'commit' | 'rollback'): Part => ({ kind: 'transaction', what });

export const raw = (bytes: Buffer): Part => ({ kind: 'raw', bytes });

/** Closes before any byte of an answer. */
export const dropped = (how: End = 'reset'): Broken => ({ parts: [], how, bytes: 0 });

/** Closes after so many bytes of the answer; with all of them, the client has it whole. */
export const cut = (parts: readonly Part[], bytes = Number.POSITIVE_INFINITY, how: End = 'end'): Broken => ({
  parts,
  how,
  bytes,
});

export const unframed = (bytes: Buffer): Unframed => ({ unframed: bytes });

export const isUnframed = (reply: Reply): reply is Unframed =>
  typeof reply === 'object' && reply !== null && 'unframed' in reply;

export const isBroken = (reply: Reply): reply is Broken =>
  typeof reply === 'object' && reply !== null && 'how' in reply;
