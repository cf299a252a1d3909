import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

const MINUS = 45;
const BLANK = 32;
const LETTER_C = 67;

/**
 * The guards of dates and times under `DateStyle = ISO, YMD` and `TimeZone = UTC`. Each throws INFINITE_DATETIME,
 * BC_DATE or YEAR_GT_9999 for what ends where a four-digit year does.
 * https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES
 */
function refuse(text: string): never {
  if (text === 'infinity' || text === '-infinity')
    throw new ValueProblem('INFINITE_DATETIME', `is ${text}, which has no counterpart`);
  if (!/^\d{4,7}-\d\d-\d\d/.test(text)) throw new ValueProblem('MALFORMED', `is not an ISO date: ${excerpt(text)}`);
  if (text.endsWith(' BC')) throw new ValueProblem('BC_DATE', `lies before the year 1: ${text}`);
  if (text.charCodeAt(4) !== MINUS) throw new ValueProblem('YEAR_GT_9999', `lies after the year 9999: ${text}`);
  throw new ValueProblem('MALFORMED', `is not in ISO format: ${excerpt(text)}`);
}

/** `YYYY-MM-DD`, years 0001 to 9999. */
export function plainDate(text: string): string {
  return text.length === 10 && text.charCodeAt(4) === MINUS ? text : refuse(text);
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]`, years 0001 to 9999. */
export function plainTimestamp(text: string): string {
  return isTimestamp(text, text.length) ? text : refuse(text);
}

/** The same of a timestamptz, in UTC and without its `+00`. */
export function utcTimestamp(text: string): string {
  if (text.endsWith('+00')) {
    const length = text.length - 3;
    if (isTimestamp(text, length)) return text.slice(0, length);
  }
  return refuse(text);
}

function isTimestamp(text: string, length: number): boolean {
  if (length < 19 || length > 26) return false;
  if (text.charCodeAt(4) !== MINUS || text.charCodeAt(10) !== BLANK) return false;
  // `0044-03-15 10:00:00.5 BC` is as short as a moment of our time
  if (text.charCodeAt(length - 1) === LETTER_C) return false;
  return length === 19 || text.charCodeAt(19) === 46;
}

/** A timestamptz with the offset in full, `+00:00`; infinite and BC values too. For destinations that keep text. */
export function fullOffset(text: string): string {
  if (text.endsWith('+00')) return `${text}:00`;
  if (text.endsWith('+00 BC')) return `${text.slice(0, -3)}:00 BC`;
  if (text === 'infinity' || text === '-infinity') return text;
  throw new ValueProblem('MALFORMED', `is not in UTC: ${excerpt(text)}`);
}

/** `HH:MM:SS[.ffffff]`; 24:00:00 is a time to PostgreSQL and MySQL, and to nobody else. */
export function timeOfDay(text: string, allow24: boolean): string {
  if (text.charCodeAt(2) !== 58 || text.length > 15)
    throw new ValueProblem('MALFORMED', `is not a time: ${excerpt(text)}`);
  if (!allow24 && text.startsWith('24')) throw new ValueProblem('TIME_24', `is ${text}, which has no counterpart`);
  return text;
}
