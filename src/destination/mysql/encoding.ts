import { Pg2anyError } from '../../model/error.ts';
import { relationName } from '../../model/relation.ts';
import { type Row, UNCHANGED, type Value } from '../../model/value.ts';
import type { ColumnCodec, Target } from '../contract.ts';
import { ValueProblem } from '../problem.ts';
import { keyOf, unrepresentable } from '../refusal.ts';

/** How an encoded value is written: a literal of SQL text, a field of a load. */
export type Spell = (codec: ColumnCodec, encoded: string) => string;

/** One value spelled; `key` serves the message only. Throws VALUE_UNREPRESENTABLE. */
export function spelled(
  target: Pick<Target, 'relation' | 'codecs'>,
  column: number,
  value: Value | undefined,
  key: () => Row,
  spell: Spell,
  none: string,
): string {
  if (value === null) return none;
  const codec = target.codecs[column];
  if (codec === undefined || value === undefined || value === UNCHANGED)
    throw new Pg2anyError('INTERNAL', `${relationName(target.relation)}: a row without a value for column ${column}`);
  try {
    return spell(codec, codec.encode(value));
  } catch (error) {
    throw unrepresentable(target, column, key(), error);
  }
}

/** What goes around a row: the statement's own text. */
function overhead(target: Pick<Target, 'columns'>): number {
  const known = OVERHEAD.get(target);
  if (known !== undefined) return known;
  const bytes = 1024 + target.columns.join().length * 12;
  OVERHEAD.set(target, bytes);
  return bytes;
}

/** Asked for every row, the same for all rows of a table. */
const OVERHEAD = new WeakMap<Pick<Target, 'columns'>, number>();

/** The bytes of a spelled row. Throws VALUE_UNREPRESENTABLE where no packet takes it. */
export function sizeOf(target: Target, row: Row, text: string, maxAllowedPacket: number): number {
  if (text.length * 3 <= maxAllowedPacket - overhead(target)) return text.length;
  const bytes = Buffer.byteLength(text);
  if (!fits(target, bytes, maxAllowedPacket)) throw tooLarge(target, row, bytes, maxAllowedPacket);
  return bytes;
}

/** Whether a packet takes a row of so many bytes. */
export const fits = (target: Pick<Target, 'columns'>, bytes: number, maxAllowedPacket: number): boolean =>
  bytes <= maxAllowedPacket - overhead(target);

/** VALUE_UNREPRESENTABLE, about the largest value of a row that does not fit. */
export function tooLarge(target: Target, row: Row, bytes: number, maxAllowedPacket: number): unknown {
  const problem = new ValueProblem(
    'PACKET_TOO_LARGE',
    `belongs to a row of ${bytes} bytes, max_allowed_packet is ${maxAllowedPacket}`,
  );
  return unrepresentable(target, longest(row), keyOf(target.relation, row), problem);
}

const lengthOf = (value: Value | undefined): number => (typeof value === 'string' ? value.length : 0);

const longest = (row: Row): number =>
  row.reduce((at: number, value, i) => (lengthOf(value) > lengthOf(row[at]) ? i : at), 0);
