import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

/** One token of JSON text that PostgreSQL has accepted, with the white space before it. */
const TOKEN = /\s*([{}[\],:]|"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null)/uy;

function* tokens(text: string): Generator<string> {
  const pattern = new RegExp(TOKEN);
  let end = 0;
  for (let match = pattern.exec(text); match?.[1] !== undefined; match = pattern.exec(text)) {
    end = pattern.lastIndex;
    yield match[1];
  }
  if (text.slice(end).trim() !== '') throw new ValueProblem('MALFORMED', `is not JSON: ${excerpt(text)}`);
}

const isNumber = (token: string): boolean => /^[-\d]/.test(token);

export interface JsonLimits {
  readonly depth: number;
  /** Numbers are kept as int64, uint64 or double. */
  readonly numbers: boolean;
}

/** Throws JSON_DEPTH, JSON_NUMBER_PRECISION, or TEXT_FORM for half of a surrogate pair, which no text column holds. */
export function checkJson(text: string, limits: JsonLimits): void {
  let depth = 0;
  for (const token of tokens(text)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token.startsWith('"')) checkString(token);
    else if (limits.numbers && isNumber(token) && !isExact(token))
      throw new ValueProblem('JSON_NUMBER_PRECISION', `has the number ${excerpt(token)}, which JSON columns round`);
    if (depth > limits.depth) throw new ValueProblem('JSON_DEPTH', `is nested deeper than ${limits.depth} levels`);
  }
}

function checkString(token: string): void {
  if (/\\u[dD]/.test(token) && /\p{Surrogate}/u.test(JSON.parse(token)))
    throw new ValueProblem('TEXT_FORM', 'has half of a surrogate pair, which JSON columns refuse');
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const MOST_DIGITS = 2n ** 53n;
const MOST_EXPONENT = 22;

/**
 * MySQL 8 reads a decimal as significand times a power of ten in double arithmetic, which is exact only where both
 * are exact doubles; integers are kept up to 64 bits.
 */
function isExact(token: string): boolean {
  const [, sign, whole = '', fraction = '', exponent] = NUMBER.exec(token) ?? [];
  if (sign === undefined) return false;
  if (isInteger(token)) return true;
  const scale = Number(exponent ?? 0) - fraction.length;
  return BigInt(whole + fraction) <= MOST_DIGITS && Math.abs(scale) <= MOST_EXPONENT;
}

const isInteger = (token: string): boolean => {
  if (!/^-?\d{1,20}$/.test(token)) return false;
  const value = BigInt(token);
  return value >= -(2n ** 63n) && value < 2n ** 64n;
};

const canonicalNumber = (token: string): string =>
  isInteger(token) ? String(BigInt(token)) : String(Number(token) + 0);

/** Equal for equal values: keys in order, the last of equal ones; numbers as what a JSON column keeps; no white space. */
export function canonicalJson(text: string): string {
  const all = tokens(text);
  const next = (): string => {
    const { value, done } = all.next();
    if (done) throw new ValueProblem('MALFORMED', `is not JSON: ${excerpt(text)}`);
    return value;
  };
  return value(next(), next);
}

function value(token: string, next: () => string): string {
  if (token === '[') return list(next);
  if (token === '{') return object(next);
  if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
  return isNumber(token) ? canonicalNumber(token) : token;
}

function list(next: () => string): string {
  const items: string[] = [];
  for (let token = next(); token !== ']'; token = next()) if (token !== ',') items.push(value(token, next));
  return `[${items.join()}]`;
}

function object(next: () => string): string {
  const members = new Map<string, string>();
  for (let token = next(); token !== '}'; token = next()) {
    if (token === ',') continue;
    const key = JSON.stringify(JSON.parse(token));
    next();
    members.set(key, value(next(), next));
  }
  const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, one]) => `${key}:${one}`).join()}}`;
}
