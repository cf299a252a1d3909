import { Pg2anyError } from '../model/error.ts';

/** CopyData contents within one buffer, in order. */
export interface Messages {
  readonly buffer: Buffer;
  /** Start and end offset of each content, in turn. */
  readonly bounds: readonly number[];
  /** Size of the contents together. */
  readonly bytes: number;
}

export interface CopySink {
  messages(messages: Messages): void;
  /** Bytes of all other messages, such as the beginning of the copy, its end, and errors. */
  other(bytes: Buffer): void;
}

const COPY_DATA = 0x64; // d
const HEADER = 5;

/**
 * Tells the CopyData messages of a connection from all others: Byte1 type, i32 length that counts itself, content. It
 * takes the socket's own chunks and copies only messages that are spread over several of them.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class CopyMessages {
  private readonly sink: CopySink;
  /** The beginning of a header whose rest has not come yet. */
  private head: Buffer | null = null;
  /** A CopyData content that is not complete yet. */
  private partial: Buffer | null = null;
  private filled = 0;
  /** Bytes that the present other message still has. */
  private otherLeft = 0;

  constructor(sink: CopySink) {
    this.sink = sink;
  }

  /** @throws Pg2anyError PROTOCOL for a length that cannot be */
  feed(chunk: Buffer): void {
    const bytes = this.head ? Buffer.concat([this.head, chunk]) : chunk;
    this.head = null;
    const from = this.partial ? this.complete(this.partial, bytes) : 0;
    this.walk(bytes, this.skip(bytes, from));
  }

  private walk(bytes: Buffer, from: number): void {
    const bounds: number[] = [];
    let size = 0;
    let at = from;
    while (bytes.length - at >= HEADER && bytes[at] === COPY_DATA) {
      const end = at + 1 + lengthAt(bytes, at);
      if (end > bytes.length) break;
      bounds.push(at + HEADER, end);
      size += end - at - HEADER;
      at = end;
    }
    if (bounds.length > 0) this.sink.messages({ buffer: bytes, bounds, bytes: size });
    if (at < bytes.length) this.rest(bytes, at);
  }

  /** What the walk stopped at: part of a header, part of a CopyData message, or another message. */
  private rest(bytes: Buffer, at: number): void {
    if (bytes.length - at < HEADER) {
      this.head = Buffer.from(bytes.subarray(at));
    } else if (bytes[at] === COPY_DATA) {
      this.partial = Buffer.allocUnsafeSlow(lengthAt(bytes, at) - 4);
      this.filled = bytes.copy(this.partial, 0, at + HEADER);
    } else {
      this.otherLeft = 1 + lengthAt(bytes, at);
      const next = this.skip(bytes, at);
      if (next < bytes.length) this.walk(bytes, next);
    }
  }

  /** Fills the incomplete content; returns where it ends. */
  private complete(partial: Buffer, bytes: Buffer): number {
    const copied = bytes.copy(partial, this.filled);
    this.filled += copied;
    if (this.filled === partial.length) {
      this.partial = null;
      this.sink.messages({ buffer: partial, bounds: [0, partial.length], bytes: partial.length });
    }
    return copied;
  }

  private skip(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + this.otherLeft);
    if (to > from) this.sink.other(bytes.subarray(from, to));
    this.otherLeft -= to - from;
    return to;
  }
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readInt32BE(at + 1);
  if (length >= 4) return length;
  throw new Pg2anyError('PROTOCOL', `a message of type ${bytes[at]} has the length ${length}`);
}
