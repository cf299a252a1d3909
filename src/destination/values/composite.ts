import type { Attribute, PgType } from '../../model/relation.ts';
import { ValueProblem } from '../problem.ts';
import { arrayToJson, type ElementToJson, elementToJson } from './array.ts';
import { excerpt } from './excerpt.ts';

/** How a value is written in JSON where row types are objects, at any depth. */
export function jsonOf(type: PgType): ElementToJson {
  const { kind, element, attributes } = type;
  if (kind === 'composite' && attributes) return rowToJson(attributes);
  if (kind !== 'array' || !element) return elementToJson(type);
  const inner = jsonOf(element);
  return (text) => arrayToJson(text, element, inner);
}

/**
 * A row as a JSON object: `("a b",,3)` → `{"x": "a b", "y": null, "z": 3}`. A row from before an ALTER TYPE may have
 * another number of fields: it becomes one JSON string.
 * https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX
 */
function rowToJson(attributes: readonly Attribute[]): ElementToJson {
  const names = attributes.map(({ name }) => JSON.stringify(name));
  const convert = attributes.map(({ type }) => jsonOf(type));
  return (text) => {
    const fields = names.length === 0 && text === '()' ? [] : fieldsOf(text);
    if (fields.length !== names.length) return JSON.stringify(text);
    const members = fields.map((field, i) => `${names[i]}: ${field === null ? 'null' : convert[i]?.(field)}`);
    return `{${members.join(', ')}}`;
  };
}

const QUOTE = 34;
const COMMA = 44;
const CLOSE = 41;
const BACKSLASH = 92;

/**
 * The texts of a row's fields, null for NULL; a row of one field that is NULL is `()`. Read step by step, because a
 * field may have any length, and a regular expression over all of it runs out of stack.
 */
function fieldsOf(text: string): (string | null)[] {
  if (!text.startsWith('(')) malformed(text);
  const fields: (string | null)[] = [];
  for (let at = 1; ; at++) {
    const end = endOfField(text, at);
    const field = text.slice(at, end);
    fields.push(field === '' ? null : field.startsWith('"') ? unquoted(field) : field);
    at = end;
    if (text.charCodeAt(end) === COMMA) continue;
    if (end !== text.length - 1) malformed(text);
    return fields;
  }
}

/** The comma or parenthesis behind a field. */
function endOfField(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at++;
    else if (character === QUOTE) quoted = !quoted;
    else if (!quoted && (character === COMMA || character === CLOSE)) return at;
  }
  return malformed(text);
}

/** Quotes and backslashes inside are doubled. */
const unquoted = (field: string): string => field.slice(1, -1).replace(/\\(.)|""/gsu, (_, one?: string) => one ?? '"');

function malformed(text: string): never {
  throw new ValueProblem('MALFORMED', `is not a row: ${excerpt(text)}`);
}
