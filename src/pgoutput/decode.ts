import { type ChangeContext, insert, message, relation, remove, truncate, type, update } from './change.ts';
import type { Message } from './message.ts';
import { printable, Reader } from './reader.ts';
import {
  begin,
  beginPrepare,
  commit,
  commitPrepared,
  origin,
  prepare,
  rollbackPrepared,
  streamAbort,
  streamCommit,
  streamStart,
} from './transaction.ts';

/** What the bytes alone do not say: where in the stream they stand and what was asked for. */
export interface DecodeContext extends ChangeContext {
  /** Between a streamStart and its streamStop. */
  readonly inStream: boolean;
  /** streaming 'parallel' was asked for. */
  readonly parallelStreaming?: boolean;
}

type Decoder = (reader: Reader, context: DecodeContext) => Message;

const DECODERS = new Map<number, Decoder>(
  Object.entries({
    B: begin,
    C: commit,
    O: origin,
    R: relation,
    Y: type,
    I: insert,
    U: update,
    D: remove,
    T: truncate,
    M: message,
    S: streamStart,
    E: (): Message => ({ kind: 'streamStop' }),
    c: streamCommit,
    A: (reader, context) => streamAbort(reader, context.parallelStreaming === true),
    b: beginPrepare,
    P: (reader) => prepare(reader, false),
    p: (reader) => prepare(reader, true),
    K: commitPrepared,
    r: rollbackPrepared,
  } satisfies Record<string, Decoder>).map(([tag, decoder]) => [tag.charCodeAt(0), decoder]),
);

const READER = new Reader(Buffer.alloc(0), 0, 0);

/**
 * Decodes one pgoutput message: all bytes from `start` to `end`, which nothing of the result refers to afterwards.
 *
 * @throws Pg2anyError PROTOCOL for bytes the protocol does not define, SOURCE_ENCODING for text that is not UTF-8,
 * VALUE_UNREPRESENTABLE for a value longer than a string can be. Never anything else.
 */
export function decode(buffer: Buffer, start: number, end: number, context: DecodeContext): Message {
  const reader = READER.reset(buffer, start, end);
  const tag = reader.u8();
  const decoder = DECODERS.get(tag);
  if (decoder === undefined) return reader.fail(`unknown message '${printable(tag)}'`, start);
  const decoded = decoder(reader, context);
  reader.finish();
  return decoded;
}
