import type { Target } from '../contract.ts';
import { type Form, RowBytes } from './row-bytes.ts';

/** Bytes that are set aside at a time. */
const BUFFER_SIZE = 256 * 1024;

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

  constructor(target: Target) {
    super(target, formOf(target));
  }

  get size(): number {
    return this.done + this.at;
  }

  take(): readonly Buffer[] {
    this.cut();
    const { pieces } = this;
    this.pieces = [];
    this.done = 0;
    return pieces;
  }

  protected room(bytes: number): void {
    if (this.buffer.length - this.at >= bytes) return;
    this.cut();
    this.buffer = Buffer.allocUnsafeSlow(Math.max(BUFFER_SIZE, bytes));
  }

  private cut(): void {
    if (this.at > 0) this.pieces.push(this.buffer.subarray(0, this.at));
    this.done += this.at;
    this.buffer = this.buffer.subarray(this.at);
    this.at = 0;
  }
}
