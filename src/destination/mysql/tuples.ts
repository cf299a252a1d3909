import type { ColumnCodec, Target } from '../contract.ts';
import { type Field, type Form, RowBytes } from './row-bytes.ts';

const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;

/** As the driver escapes them; between apostrophes a quotation mark stands for itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are escaped
const SPECIAL = /[\0\b\t\n\r\x1a'\\]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  "'": "\\'",
  '\\': '\\\\',
};

/** Bytes that are held before any row comes. */
const FIRST = 64 * 1024;

function clean(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const byte = bytes[index] as number;
    if (byte < 0x20 || byte === BACKSLASH || byte === APOSTROPHE) return false;
  }
  return true;
}

/** As `literal` writes them; digits stand bare, which the server need not read as text first. */
function around({ storage }: ColumnCodec): readonly [before: string, after: string] {
  if (storage === 'bytes') return ["X'", "'"];
  return storage === 'integer' || storage === 'boolean' ? ['', ''] : ["'", "'"];
}

function fieldOf(codec: ColumnCodec, column: number): Field {
  const divider = column === 0 ? '(' : ',';
  const [before, after] = around(codec);
  return {
    codec,
    lead: Buffer.from(divider + before),
    trail: Buffer.from(after),
    none: Buffer.from(`${divider}NULL`),
  };
}

const formOf = ({ codecs }: Target): Form => ({
  fields: codecs.map(fieldOf),
  end: Buffer.from('),'),
  clean,
  escape: (text) => text.replace(SPECIAL, (character) => ESCAPES[character] ?? character),
});

/** Rows as they stand behind VALUES: `(1,'a',NULL),(2,'b',X'00')`. */
export class Tuples extends RowBytes {
  constructor(target: Target) {
    super(target, formOf(target));
    this.buffer = Buffer.allocUnsafeSlow(FIRST);
  }

  get size(): number {
    return this.at;
  }

  /** All but the last so many bytes, which are whole rows: they stay. */
  take(without = 0): string {
    const end = this.at - without;
    const text = this.buffer.toString('utf8', 0, Math.max(0, end - 1));
    this.buffer.copyWithin(0, end, this.at);
    this.at = without;
    return text;
  }

  protected room(bytes: number): void {
    const { buffer, at } = this;
    if (buffer.length - at >= bytes) return;
    this.buffer = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, at + bytes));
    buffer.copy(this.buffer, 0, 0, at);
  }
}
