import { declaredNumeric } from './typmod.ts';

/** A type as the destination remembers it: domains resolved, without its name. */
export interface BareType {
  readonly oid: number;
  readonly typmod: number;
}

/**
 * What ALTER COLUMN TYPE leaves of the values that are there: `text`, the very same text; `value`, the same number with
 * more digits. Null: they may be others now, and the stream does not send them again.
 */
export type Kept = 'text' | 'value' | null;

/** https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat: OIDs of built-in types never change. */
const INTEGERS: ReadonlySet<number> = new Set([20, 21, 23]);
const NUMERIC = 1700;
const BPCHAR = 1042;
const VARCHAR = 1043;
const TEXT = 25;
const VARBIT = 1562;
/** time, timetz, timestamp, timestamptz: the type modifier is the number of digits of a second. */
const MOMENTS: ReadonlySet<number> = new Set([1083, 1266, 1114, 1184]);
/** name, json, xml: their text cast to text is the same. */
const TEXTS: ReadonlySet<number> = new Set([19, 114, 142]);
const UUID = 2950;
const UUID_LENGTH = 36;
const ELEMENTS: ReadonlyMap<number, number> = new Map([
  [1005, 21],
  [1007, 23],
  [1016, 20],
  [1231, NUMERIC],
  [1014, BPCHAR],
  [1015, VARCHAR],
  [1009, TEXT],
  [1115, 1114],
  [1185, 1184],
  [1183, 1083],
  [1270, 1266],
]);

/**
 * Assumes the cast that PostgreSQL uses by itself: what a USING clause made of the values, nobody can know from outside.
 * Where a type gets narrower PostgreSQL refuses values that do not fit, except that it rounds fractions and cuts spaces.
 */
export function keepsValues(from: BareType, to: BareType): Kept {
  if (from.oid === to.oid && from.typmod === to.typmod) return 'text';
  const [fromElement, toElement] = [ELEMENTS.get(from.oid), ELEMENTS.get(to.oid)];
  if (fromElement !== undefined && toElement !== undefined)
    return keepsElements({ oid: fromElement, typmod: from.typmod }, { oid: toElement, typmod: to.typmod });
  if (INTEGERS.has(from.oid)) return integerTo(to);
  if (from.oid === NUMERIC) return to.oid === NUMERIC ? numericTo(from, to) : null;
  if (MOMENTS.has(from.oid)) return to.oid === from.oid && digits(to) >= digits(from) ? 'text' : null;
  if (from.oid === VARBIT) return to.oid === VARBIT && longer(from, to) ? 'text' : null;
  return textTo(from, to);
}

/** Elements are kept as JSON, where a number of one type may look other than that of the next. */
function keepsElements(from: BareType, to: BareType): Kept {
  const sameFamily = from.oid === to.oid || (INTEGERS.has(from.oid) && INTEGERS.has(to.oid)) || to.oid === TEXT;
  return sameFamily && keepsValues(from, to) === 'text' ? 'text' : null;
}

function integerTo(to: BareType): Kept {
  if (INTEGERS.has(to.oid)) return 'text';
  if (to.oid !== NUMERIC) return null;
  const scale = declaredNumeric(to.typmod)?.scale ?? 0;
  return scale === 0 ? 'text' : scale > 0 ? 'value' : null;
}

function numericTo(from: BareType, to: BareType): Kept {
  const [before, after] = [declaredNumeric(from.typmod), declaredNumeric(to.typmod)];
  if (after === null) return 'text';
  if (before === null || after.scale < before.scale) return null;
  return after.scale === before.scale ? 'text' : 'value';
}

function textTo(from: BareType, to: BareType): Kept {
  if (to.oid !== TEXT && to.oid !== VARCHAR && !(to.oid === BPCHAR && from.oid === BPCHAR)) return null;
  const unlimited = to.oid === TEXT || to.typmod === -1;
  if (from.oid === VARCHAR || from.oid === BPCHAR) return unlimited || longer(from, to) ? 'text' : null;
  if (from.oid === UUID) return unlimited || to.typmod - 4 >= UUID_LENGTH ? 'text' : null;
  return unlimited && (from.oid === TEXT || TEXTS.has(from.oid)) ? 'text' : null;
}

const digits = ({ typmod }: BareType): number => (typmod === -1 ? 6 : typmod);

const longer = (from: BareType, to: BareType): boolean =>
  to.typmod === -1 || (from.typmod !== -1 && to.typmod >= from.typmod);
