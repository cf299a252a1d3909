import type { PgType } from '../../model/relation.ts';
import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';
import { family } from './family.ts';
import { isFiniteFloat } from './float.ts';
import { byteaHex, isTrue, moneyDecimal, unpadded } from './scalar.ts';

export type ElementToJson = (text: string) => string;

const verbatim: ElementToJson = (text) => text;
const number: ElementToJson = (text) => (isFiniteFloat(text) ? text : JSON.stringify(text));

/** How one element is written in JSON. Number tokens stay as they are: JSON has no precision to lose. */
export function elementToJson(type: PgType): ElementToJson {
  switch (family(type)) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
    case 'xid8':
    case 'json':
    case 'jsonb':
      return verbatim;
    case 'float4':
    case 'float8':
    case 'numeric':
      return number;
    case 'bool':
      return (text) => (isTrue(text) ? 'true' : 'false');
    case 'char':
      return (text) => JSON.stringify(unpadded(text));
    case 'bytea':
      return (text) => JSON.stringify(byteaHex(text));
    case 'money':
      return (text) => JSON.stringify(moneyDecimal(text));
    default:
      return (text) => JSON.stringify(text);
  }
}

/** A cursor over an array literal; `at` is the next character to read. */
interface Cursor {
  readonly text: string;
  at: number;
  readonly delimiter: string;
  readonly element: ElementToJson;
}

/**
 * An array literal as JSON: `{1,NULL,{…}}` → `[1, null, […]]`. One with other lower bounds than 1 (`[0:2]={7,8,9}`)
 * has no counterpart in JSON and becomes one JSON string with the whole literal.
 * https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function arrayToJson(text: string, element: PgType, toJson = elementToJson(element)): string {
  if (text.startsWith('[')) return JSON.stringify(text);
  const cursor: Cursor = { text, at: 0, delimiter: element.delimiter ?? ',', element: toJson };
  const json = list(cursor);
  if (cursor.at !== text.length) malformed(text);
  return json;
}

function list(cursor: Cursor): string {
  expect(cursor, '{');
  if (cursor.text[cursor.at] === '}') {
    cursor.at++;
    return '[]';
  }
  let json = '[';
  for (;;) {
    json += item(cursor);
    const next = cursor.text[cursor.at++];
    if (next === '}') return `${json}]`;
    if (next !== cursor.delimiter) malformed(cursor.text);
    json += ', ';
  }
}

function item(cursor: Cursor): string {
  if (cursor.text[cursor.at] === '{') return list(cursor);
  const text = scalar(cursor);
  return text === null ? 'null' : cursor.element(text);
}

/** The elements of an array of one dimension as texts. Throws MALFORMED for any other. */
export function arrayItems(text: string, element: PgType): (string | null)[] {
  const cursor: Cursor = { text, at: 0, delimiter: element.delimiter ?? ',', element: verbatim };
  const items: (string | null)[] = [];
  expect(cursor, '{');
  if (text === '{}') return items;
  for (let next = ''; next !== '}'; next = text[cursor.at++] ?? '') {
    if (next !== '' && next !== cursor.delimiter) malformed(text);
    items.push(scalar(cursor));
  }
  if (cursor.at !== text.length) malformed(text);
  return items;
}

/** One element that is not an array itself. */
function scalar(cursor: Cursor): string | null {
  if (cursor.text[cursor.at] === '"') return quoted(cursor);
  const start = cursor.at;
  while (cursor.at < cursor.text.length) {
    const character = cursor.text[cursor.at];
    if (character === cursor.delimiter || character === '}') break;
    cursor.at++;
  }
  const bare = cursor.text.slice(start, cursor.at);
  if (bare === '') malformed(cursor.text);
  return bare === 'NULL' ? null : bare;
}

/** `"…"` with a backslash before quotes and backslashes. */
function quoted(cursor: Cursor): string {
  const { text } = cursor;
  let value = '';
  let from = cursor.at + 1;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') {
      value += text.slice(from, at);
      from = ++at;
    } else if (character === '"') {
      cursor.at = at + 1;
      return value + text.slice(from, at);
    }
  }
  return malformed(text);
}

function expect(cursor: Cursor, character: string): void {
  if (cursor.text[cursor.at++] !== character) malformed(cursor.text);
}

function malformed(text: string): never {
  throw new ValueProblem('MALFORMED', `is not an array literal: ${excerpt(text)}`);
}
