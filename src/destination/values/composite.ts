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
    const fields = fieldsOf(text);
    if (fields.length !== names.length) return JSON.stringify(text);
    const members = fields.map((field, i) => `${names[i]}: ${field === null ? 'null' : convert[i]?.(field)}`);
    return `{${members.join(', ')}}`;
  };
}

const FIELD = /(?:"((?:[^"\\]|\\.|"")*)"|([^",()\\]*))([,)])/suy;

/** The texts of a row's fields, null for NULL. */
function fieldsOf(text: string): (string | null)[] {
  const malformed = new ValueProblem('MALFORMED', `is not a row: ${excerpt(text)}`);
  if (!text.startsWith('(')) throw malformed;
  if (text === '()') return [];
  const fields: (string | null)[] = [];
  const pattern = new RegExp(FIELD);
  pattern.lastIndex = 1;
  for (;;) {
    const match = pattern.exec(text);
    if (!match) throw malformed;
    const [, quoted, bare, end] = match;
    fields.push(quoted === undefined ? bare || null : quoted.replace(/\\(.)|""/gsu, (_, one?: string) => one ?? '"'));
    if (end !== ')') continue;
    if (pattern.lastIndex !== text.length) throw malformed;
    return fields;
  }
}
