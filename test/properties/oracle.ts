import { isDeepStrictEqual } from 'node:util';
import type { EngineName } from '../support/type-vectors.ts';
import type { Case } from './cases.ts';
import { type Leaves, leavesOf } from './json-leaves.ts';
import { NOTHING, SEPARATOR, type Value } from './printed.ts';

/**
 * What a person expects, without the product's own reading of values: numbers are compared as fractions of integers,
 * arrays by what PostgreSQL says of their parts, everything else letter by letter.
 */

interface Fraction {
  readonly digits: bigint;
  /** The value is digits / 10^scale. */
  readonly scale: number;
}

/** Null for what is no decimal number. */
function fraction(text: string): Fraction | null {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const after = (match[3] ?? '').replace(/0+$/, '');
  return { digits: BigInt(`${match[2]}${after}`) * (match[1] === '-' ? -1n : 1n), scale: after.length };
}

function sameNumber(a: string, b: string): boolean {
  const [left, right] = [fraction(a), fraction(b)];
  return left !== null && right !== null && left.digits === right.digits && left.scale === right.scale;
}

const isNumber = (text: string): boolean => /^-?\d/.test(text);

/** A zero is a zero: not every destination keeps the sign of one. */
const sameFloat = (a: string, b: string): boolean => (isNumber(a) && isNumber(b) ? Number(a) === Number(b) : a === b);

const moneyText = (text: string): string => text.replaceAll(/[$,]/g, '');
const trimmed = (text: string): string => text.replace(/ +$/, '');
const withoutZeros = (text: string): string => text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

/** Whether what was read at the destination is the source's value. */
export function isFaithful(test: Case, engine: EngineName, { text, parts }: Value, found: string): boolean {
  if (test.array) return isFaithfulArray(test, text, parts, found);
  switch (test.sense) {
    case 'integer':
      return BigInt(text) === BigInt(found) && /^-?\d+$/.test(found);
    case 'numeric':
      return isNumber(text) ? sameNumber(text, found) : text === found;
    case 'float':
      return sameFloat(text, found);
    case 'money':
      return sameNumber(moneyText(text), found);
    case 'bool':
      return found === (text === 't' ? '1' : '0');
    case 'padded':
      return trimmed(text) === found;
    case 'bytes':
      return text === `\\x${found}`;
    case 'hstore':
      return sameObject(JSON.parse(parts ?? ''), JSON.parse(found));
    case 'timestamptz':
      return engine === 'sqlite' ? isFullOffset(text, found) : text === `${withoutZeros(found)}+00`;
    case 'date':
    case 'time':
    case 'timestamp':
      return text === (engine === 'sqlite' ? found : withoutZeros(found));
    case 'document':
      return isDeepStrictEqual(exactly(text), exactly(found));
    case 'row':
      if (text.startsWith('[')) return JSON.parse(found) === text;
      return isDeepStrictEqual(exactly(parts ?? ''), exactly(found));
    case 'uuidBytes':
      return text.replaceAll('-', '') === found;
    case 'midnight':
      return found === `${text} 00:00:00.000000`;
    case 'fullOffset':
      return isFullOffset(text, found);
    default:
      return text === found;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs;

/** A document with every number as text that is the same for the same number, whatever its digits. */
const exactly = (json: string): unknown =>
  JSON.parse(json.replaceAll(TOKEN, (token) => (token.startsWith('"') ? token : `"number ${normal(token)}"`)));

/** Digits without zeros around them, and their power of ten. */
function normal(token: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return '0';
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}

const isFullOffset = (text: string, found: string): boolean =>
  text.includes('infinity') ? text === found : text.replace(/\+00( BC)?$/, '+00:00$1') === found;

const sameObject = (a: object, b: object): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

function isFaithfulArray(test: Case, text: string, parts: string | null, found: string): boolean {
  const [bounds, flat]: [string | null, string] = JSON.parse(parts ?? '');
  if (bounds === null) return found === '[]';
  const dimensions = [...bounds.matchAll(/\[(-?\d+):(-?\d+)\]/g)].map(([, low, high]) => [Number(low), Number(high)]);
  if (dimensions.some(([low]) => low !== 1)) return JSON.parse(found) === text;
  const elements = flat.split(SEPARATOR);
  let next = 0;
  const matches = (leaves: Leaves, depth: number): boolean => {
    const length = dimensions[depth]?.[1];
    if (length === undefined) return typeof leaves === 'string' && isElement(test, elements[next++] ?? '', leaves);
    return Array.isArray(leaves) && leaves.length === length && leaves.every((one) => matches(one, depth + 1));
  };
  return matches(leavesOf(found, dimensions.length), 0) && next === elements.length;
}

/** `json` is one element as it is written. A type that was chosen may write numbers in its own way. */
function isElement({ sense, own }: Case, text: string, json: string): boolean {
  if (text === NOTHING) return json === 'null';
  switch (sense) {
    case 'json':
      return json === text;
    case 'integer':
    case 'numeric':
    case 'float':
      if (!isNumber(text)) return JSON.parse(json) === text;
      return own ? normal(json) === normal(text) : json === text;
    case 'bool':
      return json === (text === 't' ? 'true' : 'false');
    case 'padded':
      return JSON.parse(json) === trimmed(text);
    case 'bytes':
      return `\\x${JSON.parse(json)}` === text;
    case 'money':
      return sameNumber(moneyText(text), JSON.parse(json));
    default:
      return JSON.parse(json) === text;
  }
}

/** The class by which this engine must refuse a value; null where it must take it. */
export function refusalOf({ type, sense, array }: Case, engine: EngineName, text: string): string | null {
  if (array || engine === 'sqlite') return null;
  switch (sense) {
    case 'float':
      if (text === 'NaN') return 'FLOAT_NAN';
      return isNumber(text) ? null : 'FLOAT_INFINITY';
    case 'numeric':
      return numericRefusal(type, text);
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return calendarRefusal(text);
    default:
      return null;
  }
}

/** DECIMAL has 65 digits, 30 of them after the point; declared types that do not fit are kept as text. */
function numericRefusal(type: string, text: string): string | null {
  const declared = /\((\d+),(-?\d+)\)/.exec(type);
  const [precision, scale] = [Number(declared?.[1]), Number(declared?.[2])];
  if (declared && (precision > 65 || scale > 30)) return null;
  if (text === 'NaN') return 'NUMERIC_NAN';
  if (!isNumber(text)) return 'NUMERIC_INFINITY';
  if (declared || type.startsWith('public.')) return null;
  const value = fraction(text);
  if (value === null) throw new Error(`not a decimal number: ${text}`);
  const whole = value.digits < 0n ? -value.digits : value.digits;
  if (whole >= 10n ** BigInt(35 + value.scale)) return 'NUMERIC_OVERFLOW';
  return value.scale > 30 ? 'NUMERIC_SCALE' : null;
}

function calendarRefusal(text: string): string | null {
  if (text.endsWith('infinity')) return 'INFINITE_DATETIME';
  if (text.endsWith(' BC')) return 'BC_DATE';
  return text.indexOf('-') > 4 ? 'YEAR_GT_9999' : null;
}
