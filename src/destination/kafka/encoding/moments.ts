import { ValueProblem } from '../../problem.ts';
import { excerpt } from '../../values/excerpt.ts';

/** Dates and times as Debezium counts them. Texts are PostgreSQL's, under `DateStyle = ISO` and `TimeZone = UTC`. */

const DATE = /^(\d{4,7})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

const DAY = 86_400;

const malformed = (what: string, text: string): never => {
  throw new ValueProblem('MALFORMED', `is not a ${what}: ${excerpt(text)}`);
};

/** Days since 1970-01-01 in the proleptic Gregorian calendar; `year` 0 is 1 BC. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

const isBc = (text: string): boolean => text.endsWith(' BC');

function epochDay(date: string, bc: boolean): number {
  const [, year, month, day] = DATE.exec(date) ?? malformed('date', date);
  return daysOf(bc ? 1 - Number(year) : Number(year), Number(month), Number(day));
}

/** Days since the epoch. Throws INFINITE_DATETIME. */
export function days(text: string): string {
  if (text.endsWith('infinity'))
    throw new ValueProblem('INFINITE_DATETIME', `is ${text}, which no count of days stands for`);
  const bc = isBc(text);
  return String(epochDay(bc ? text.slice(0, -3) : text, bc));
}

interface OfDay {
  readonly seconds: number;
  /** Six digits. */
  readonly micros: string;
}

function ofDay(text: string): OfDay {
  const [, hours, minutes, seconds, fraction = ''] = TIME.exec(text) ?? malformed('time', text);
  return { seconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), micros: fraction.padEnd(6, '0') };
}

/** As microseconds, more does not fit into 64 bits: late in the year 294246. */
const MOST_SECONDS = 9_223_372_036_854;

function tooFar(seconds: number): never {
  throw new ValueProblem(
    'YEAR_GT_9999',
    `lies ${seconds} seconds after 1970, which 64 bits of microseconds do not hold`,
  );
}

/** Whole seconds and a fraction, counted in `digits` digits of a second: more than a double holds exactly. */
function counted(seconds: number, micros: string, digits: 3 | 6): string {
  const fraction = micros.slice(0, digits);
  if (seconds > 0) return seconds < MOST_SECONDS ? seconds + fraction : tooFar(seconds);
  return String(BigInt(seconds) * 10n ** BigInt(digits) + BigInt(fraction));
}

/** Since midnight, in milliseconds or microseconds. */
export const sinceMidnight = (text: string, digits: 3 | 6): string => {
  const { seconds, micros } = ofDay(text);
  return counted(seconds, micros, digits);
};

/** What the JDBC driver of PostgreSQL, and so Debezium, takes for the infinite ones. */
const INFINITE: Readonly<Record<string, string>> = {
  infinity: '9223372036825200000',
  '-infinity': '-9223372036832400000',
};

/** Of a timestamp without time zone, since the epoch as if it were UTC, in milliseconds or microseconds. */
export function sinceEpoch(text: string, digits: 3 | 6): string {
  const infinite = INFINITE[text];
  if (infinite) return infinite;
  const bc = isBc(text);
  const [date = '', time = ''] = (bc ? text.slice(0, -3) : text).split(' ');
  const { seconds, micros } = ofDay(time);
  return counted(epochDay(date, bc) * DAY + seconds, micros, digits);
}

/** A timestamptz as ISO 8601 in UTC: `2018-06-20T13:37:03.945104Z`; the infinite ones as PostgreSQL writes them. */
export function isoUtc(text: string): string {
  if (text.endsWith('infinity')) return text;
  const bc = isBc(text);
  const plain = bc ? text.slice(0, -3) : text;
  const space = plain.indexOf(' ');
  if (space < 0 || !plain.endsWith('+00')) malformed('timestamp in UTC', text);
  return `${isoYear(plain.slice(0, space), bc)}T${plain.slice(space + 1, -3)}Z`;
}

/** Years that do not have four digits, or lie before the year 0, have a sign in ISO 8601. */
function isoYear(date: string, bc: boolean): string {
  const end = date.indexOf('-');
  const year = bc ? 1 - Number(date.slice(0, end)) : Number(date.slice(0, end));
  if (year >= 0 && year <= 9999) return `${String(year).padStart(4, '0')}${date.slice(end)}`;
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(4, '0')}${date.slice(end)}`;
}

const ZONE = /^(.*?)([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/** A timetz in GMT: `10:11:12.5+02` → `08:11:12.5Z`. */
export function timeInUtc(text: string): string {
  const [, time = '', sign, hours, minutes = '0', seconds = '0'] = ZONE.exec(text) ?? malformed('time with zone', text);
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === '-' ? -1 : 1);
  const point = time.indexOf('.');
  const at = (ofDay(time).seconds - offset + 2 * DAY) % DAY;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(at / 3600)}:${two((at / 60) % 60)}:${two(at % 60)}${point < 0 ? '' : time.slice(point)}Z`;
}
