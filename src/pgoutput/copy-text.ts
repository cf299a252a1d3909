import type { Rows } from '../model/value.ts';
import type { CopyShape } from './copy-lines.ts';
import { CopyRows } from './copy-rows.ts';

/**
 * Rows from the chunks of COPY … TO STDOUT in text format. Chunks may be cut anywhere, and their memory may be reused
 * as soon as `push` has returned.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export interface CopyDecoder {
  /**
   * The rows that this chunk completes. What is wrong within a line is thrown when its row is asked for.
   * @throws Pg2anyError PROTOCOL, SOURCE_ENCODING, or VALUE_UNREPRESENTABLE for a value longer than a string can be.
   */
  push(chunk: Buffer): Rows[];
  /** After the last chunk. @throws Pg2anyError PROTOCOL where a row breaks off: the server ends each with a newline. */
  end(): void;
}

const NEWLINE = 0x0a;

export function createCopyDecoder(shape: CopyShape): CopyDecoder {
  const decoder = new CopyRows(shape);
  // Parts of an unfinished line are joined only once it is complete: a long value takes linear time.
  let pending: Buffer[] = [];
  return {
    push(chunk) {
      const rows: Rows[] = [];
      const complete = chunk.lastIndexOf(NEWLINE) + 1;
      if (complete > 0) {
        decoder.decode(join(pending, chunk.subarray(0, complete)), rows);
        pending = [];
      }
      if (complete < chunk.length) pending.push(Buffer.from(chunk.subarray(complete)));
      return rows;
    },
    end() {
      const left = pending.reduce((sum, part) => sum + part.length, 0);
      if (left > 0) throw decoder.error('PROTOCOL', `breaks off after ${left} bytes`);
    },
  };
}

const join = (before: readonly Buffer[], last: Buffer): Buffer =>
  before.length === 0 ? last : Buffer.concat([...before, last]);
