import type { Row, Rows } from '../../model/value.ts';
import type { Target } from '../contract.ts';
import { fits, sizeOf, tooLarge } from './encoding.ts';
import { written } from './row-bytes.ts';
import { tuple } from './statements.ts';
import { Tuples } from './tuples.ts';
import type { Wire } from './wire.ts';

export const ROWS_PER_STATEMENT = 1000;
/** Characters of SQL text. */
const STATEMENT_SIZE = 1024 * 1024;

export interface Many {
  readonly rows: Rows;
  readonly texts: readonly string[];
}

/** Rows spelled, in pieces of bounded number and size; each whole before it is handed out. */
export function* statements(
  { maxAllowedPacket }: Wire,
  rows: Rows,
  spell: (row: Row) => string,
  most: number,
): Generator<Many> {
  // a character takes up to three bytes in UTF-8 (a pair four)
  const room = Math.min(STATEMENT_SIZE, Math.floor(maxAllowedPacket / 4));
  let from = 0;
  let size = 0;
  let texts: string[] = [];
  let at = 0;
  for (const row of rows) {
    const text = spell(row);
    if (texts.length === most || (size > 0 && size + text.length > room)) {
      yield { rows: rows.slice(from, at), texts };
      from = at;
      size = 0;
      texts = [];
    }
    texts.push(text);
    size += text.length;
    at++;
  }
  if (texts.length > 0) yield { rows: rows.slice(from), texts };
}

/** `(…)` of an INSERT. Throws VALUE_UNREPRESENTABLE. */
export const spelling =
  (wire: Wire, target: Target) =>
  (row: Row): string => {
    const text = tuple(target, row);
    sizeOf(target, row, text, wire.maxAllowedPacket);
    return text;
  };

/** Rows as they stand behind VALUES, and which they are. */
export interface Several {
  readonly rows: Rows;
  readonly values: string;
}

/** The rows in statements of bounded number and size; each is whole, and its values checked, before it is handed out. */
export function* inserts(wire: Pick<Wire, 'maxAllowedPacket'>, target: Target, rows: Rows): Generator<Several> {
  const { maxAllowedPacket } = wire;
  const room = Math.min(STATEMENT_SIZE, maxAllowedPacket / 2);
  const tuples = new Tuples(target);
  let from = 0;
  let at = 0;
  for (const size of written(tuples, rows)) {
    if (!fits(target, size, maxAllowedPacket)) throw tooLarge(target, rows.at(at) ?? [], size, maxAllowedPacket);
    if (at > from && (tuples.size > room || at - from === ROWS_PER_STATEMENT)) {
      yield { rows: rows.slice(from, at), values: tuples.take(size) };
      from = at;
    }
    at++;
  }
  if (at > from) yield { rows: rows.slice(from, at), values: tuples.take() };
}
