import { constants, isUtf8 } from 'node:buffer';
import type { Pg2anyError } from '../model/error.ts';
import type { Row, Rows } from '../model/value.ts';
import { type Code, CopyLines, type CopyShape, type Fields, rowError, rowOf } from './copy-lines.ts';

const NEWLINE = 0x0a;
const TAB = 0x09;

/** Rows are cut from one string up to this size, in bytes: it bounds what a single value can keep alive. */
const BLOCK = 1 << 20;

/** Whole lines of COPY text → rows. Counts them to say where an error is. */
export class CopyRows {
  /** Rows decoded so far. */
  count = 0;
  private readonly shape: CopyShape;

  constructor(shape: CopyShape) {
    this.shape = shape;
  }

  /** `block` ends with a newline. Nothing of the result refers to it. */
  decode(block: Buffer, rows: Rows[]): void {
    for (let from = 0; from < block.length; ) {
      const to = blockEnd(block, from);
      if (to - from > constants.MAX_STRING_LENGTH) rows.push([this.huge(block.subarray(from, to - 1))]);
      else rows.push(this.lines(Buffer.from(block.subarray(from, to))));
      from = to;
    }
  }

  error(code: Code, problem: string, cause?: unknown): Pg2anyError {
    return rowError(this.shape, this.count, code, problem, cause);
  }

  private lines(bytes: Buffer): CopyLines {
    const rows = new CopyLines({ buffer: bytes, starts: startsOf(bytes) }, this.shape, this.count);
    this.count += rows.length;
    return rows;
  }

  /** A line that is longer than a string can be, although each of its values may fit. */
  private huge(line: Buffer): Row {
    const fields: Fields = [];
    for (let from = 0; from <= line.length; ) {
      const tab = line.indexOf(TAB, from);
      const to = tab < 0 ? line.length : tab;
      if (to - from > constants.MAX_STRING_LENGTH) throw this.tooLong(to - from, fields.length);
      fields.push(this.text(line.subarray(from, to)));
      from = to + 1;
    }
    const row = rowOf(fields, this.shape, this.count);
    this.count += 1;
    return row;
  }

  private text(bytes: Buffer): string {
    if (isUtf8(bytes)) return bytes.toString('utf8');
    throw this.error('SOURCE_ENCODING', 'text that is not valid UTF-8');
  }

  private tooLong(length: number, column: number): Pg2anyError {
    const problem = `column ${column + 1}: ${length} bytes are more than the ${constants.MAX_STRING_LENGTH} that fit into memory`;
    return this.error('VALUE_UNREPRESENTABLE', problem);
  }
}

function startsOf(lines: Buffer): Int32Array {
  const starts = [0];
  for (let at = lines.indexOf(NEWLINE); at >= 0; at = lines.indexOf(NEWLINE, at + 1)) starts.push(at + 1);
  return Int32Array.from(starts);
}

/** After the last line that fits into a block together with the first, or after the first. */
function blockEnd(block: Buffer, from: number): number {
  if (block.length - from <= BLOCK) return block.length;
  const last = block.lastIndexOf(NEWLINE, from + BLOCK - 1);
  return (last >= from ? last : block.indexOf(NEWLINE, from)) + 1;
}
