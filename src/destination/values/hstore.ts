import { ValueProblem } from '../problem.ts';
import { excerpt } from './excerpt.ts';

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * An hstore as a JSON object of strings and nulls: `"a"=>"1", "n"=>NULL` → `{"a": "1", "n": null}`. hstore_out writes
 * both sides always quoted, the value perhaps NULL. Read step by step, because a value may have any length, and a
 * regular expression over all of it runs out of stack.
 * https://www.postgresql.org/docs/current/hstore.html#HSTORE-EXTERNAL-REP
 */
export function hstoreToJson(text: string): string {
  let json = '';
  for (let at = 0; at < text.length; ) {
    const key = closing(text, at);
    if (!text.startsWith('=>', key + 1)) malformed(text);
    const from = key + 3;
    const isNull = text.startsWith('NULL', from);
    const end = isNull ? from + 4 : closing(text, from) + 1;
    json += `${json === '' ? '' : ', '}${quote(text, at, key)}: ${isNull ? 'null' : quote(text, from, end - 1)}`;
    at = end === text.length ? end : end + 2;
    if (at !== end && (!text.startsWith(', ', end) || at === text.length)) malformed(text);
  }
  return `{${json}}`;
}

/** Where the quoted text that begins at `from` ends: its closing quote. */
function closing(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) malformed(text);
  for (let at = from + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) return at;
    if (character === BACKSLASH) at++;
  }
  return malformed(text);
}

const quote = (text: string, from: number, end: number): string =>
  JSON.stringify(text.slice(from + 1, end).replace(/\\(.)/gsu, '$1'));

function malformed(text: string): never {
  throw new ValueProblem('MALFORMED', `is not an hstore: ${excerpt(text)}`);
}
