import type { Target } from '../contract.ts';
import { type Form, RowBytes } from './row-bytes.ts';

/** Of a buffer that is used again: a piece of 64 KiB and the row that goes beyond it. */
const BUFFER_SIZE = 96 * 1024;

const BACKSLASH = 0x5c;

const SPECIAL = /[\t\n\r\\\0]/;
const ALL_SPECIAL = /[\t\n\r\\\0]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\', '\0': '\\0' };

export const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => ESCAPES[character] ?? character) : text;

function clean(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const byte = bytes[index] as number;
    if (byte < 0x20 || byte === BACKSLASH) return false;
  }
  return true;
}

/** Fields between tabs, `\N` for NULL. */
const formOf = ({ codecs }: Target): Form => ({
  fields: codecs.map((codec, column) => ({
    codec,
    lead: Buffer.from(column === 0 ? '' : '\t'),
    trail: Buffer.alloc(0),
    none: Buffer.from(column === 0 ? '\\N' : '\t\\N'),
  })),
  end: Buffer.from('\n'),
  clean,
  escape: escaped,
});

/** Rows as lines of a load, in the buffers that go to the server. */
export class Lines extends RowBytes {
  private pieces: Buffer[] = [];
  /** Bytes in `pieces`. */
  private done = 0;
  /** Buffers by what `take` has given: all before the last time, and the last time. */
  private readonly free: Buffer<ArrayBuffer>[] = [];
  private given: Buffer<ArrayBuffer>[] = [];
  /** Those that are filled now. */
  private filled: Buffer<ArrayBuffer>[] = [];

  constructor(target: Target) {
    super(target, formOf(target));
  }

  get size(): number {
    return this.done + this.at;
  }

  /** Good until the next but one `take`: whoever reads ahead by one may still have the last one in hand. */
  take(): readonly Buffer[] {
    this.cut();
    const { pieces } = this;
    this.free.push(...this.given);
    this.given = this.filled;
    this.filled = [];
    this.pieces = [];
    this.done = 0;
    return pieces;
  }

  protected room(bytes: number): void {
    if (this.buffer.length - this.at >= bytes) return;
    this.cut();
    this.buffer = (bytes <= BUFFER_SIZE && this.free.pop()) || Buffer.allocUnsafeSlow(Math.max(bytes, BUFFER_SIZE));
    if (this.buffer.length === BUFFER_SIZE) this.filled.push(this.buffer);
  }

  private cut(): void {
    if (this.at > 0) this.pieces.push(this.buffer.subarray(0, this.at));
    this.done += this.at;
    this.buffer = NONE;
    this.at = 0;
  }
}

const NONE = Buffer.alloc(0);
