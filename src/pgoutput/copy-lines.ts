import { Pg2anyError } from '../model/error.ts';
import type { Row, Rows } from '../model/value.ts';
import { unescapeCopy } from './copy-escape.ts';

export type Fields = (string | null)[];

/** What is copied. */
export interface CopyShape {
  /** For messages. */
  readonly table: string;
  readonly columns: number;
}

export type Code = 'PROTOCOL' | 'SOURCE_ENCODING' | 'VALUE_UNREPRESENTABLE';

/**
 * Lines of COPY text as rows, each made when it is asked for: a line is one string, a row is one of every value, and
 * the garbage collector pays for what waits. Asking throws Pg2anyError PROTOCOL or SOURCE_ENCODING for a broken line.
 */
export class CopyLines implements Rows {
  private readonly lines: readonly string[];
  private readonly shape: CopyShape;
  /** Rows of the table before these. */
  private readonly before: number;

  constructor(lines: readonly string[], shape: CopyShape, before: number) {
    this.lines = lines;
    this.shape = shape;
    this.before = before;
  }

  get length(): number {
    return this.lines.length;
  }

  at(index: number): Row | undefined {
    const line = this.lines[index];
    return line === undefined ? undefined : this.row(line, index);
  }

  slice(from: number, to?: number): Rows {
    return new CopyLines(this.lines.slice(from, to), this.shape, this.before + from);
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let index = 0; index < this.lines.length; index += 1) yield this.row(this.lines[index] as string, index);
  }

  private row(line: string, index: number): Row {
    const fields: Fields = line === '' && this.shape.columns === 0 ? [] : line.split('\t');
    return rowOf(fields, this.shape, this.before + index);
  }
}

/** The escaped fields of a line as a row; `before` rows came before it. */
export function rowOf(fields: Fields, shape: CopyShape, before: number): Row {
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index];
    if (field?.includes('\\')) fields[index] = unescaped(field, index, shape, before);
  }
  if (fields.length === shape.columns) return fields;
  throw rowError(shape, before, 'PROTOCOL', `${fields.length} columns, not ${shape.columns}`);
}

export function rowError(shape: CopyShape, before: number, code: Code, problem: string, cause?: unknown): Pg2anyError {
  return new Pg2anyError(
    code,
    `copied row ${before + 1} of ${shape.table}: ${problem}`,
    cause === undefined ? {} : { cause },
  );
}

function unescaped(field: string, index: number, shape: CopyShape, before: number): string | null {
  try {
    return unescapeCopy(field);
  } catch (cause) {
    if (cause instanceof Pg2anyError && (cause.code === 'PROTOCOL' || cause.code === 'SOURCE_ENCODING'))
      throw rowError(shape, before, cause.code, `column ${index + 1}: ${cause.message}`, cause);
    throw cause;
  }
}
