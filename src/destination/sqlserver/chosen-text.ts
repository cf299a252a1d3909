import { ValueProblem } from '../problem.ts';
import { excerpt } from '../values/excerpt.ts';
import { type Family, family } from '../values/family.ts';
import type { Nearest } from '../values/nearest.ts';
import { textForm } from '../values/text-form.ts';
import { declaredLength } from '../values/typmod.ts';
import { type Chosen, type Make, size } from './chosen.ts';
import { COLLATION, type Coding, coding, longText, MAX_UNITS } from './coding.ts';

/** Types whose text may be cut and is still text of the type. */
const PLAIN_TEXT: ReadonlySet<Family> = new Set(['text', 'varchar', 'char', 'name', 'quotedChar']);

/** Without half a character at the end. */
const nearestUnits =
  (limit: number): Nearest =>
  (value, problem) =>
    problem === 'TEXT_TOO_LONG' ? value.slice(0, limit).replace(/[\ud800-\udbff]$/, '') : null;

function spaceKey(value: string): string {
  if (!value.endsWith(' ')) return value;
  throw new ValueProblem('SPACE_KEY', `ends with a space, which SQL Server ignores in a key: ${excerpt(value)}`);
}

function nvarchar(chosen: Chosen): Coding | string {
  const { args, type, rules, at } = chosen;
  const form = textForm(type, rules.types);
  if (args?.toLowerCase() === 'max') {
    return at.keyBytes === null
      ? longText(at, form)
      : 'it cannot be part of a key; use nvarchar(n), or keysText: hash without a type';
  }
  const limit = size(args, 1, MAX_UNITS);
  if (limit === null) return `it is nvarchar(n) with n from 1 to ${MAX_UNITS}, or nvarchar(max)`;
  const encode = (value: string): string => {
    const made = form(value);
    if (made.length <= limit) return at.keyBytes === null ? made : spaceKey(made);
    throw new ValueProblem('TEXT_TOO_LONG', `takes more than ${limit} units of UTF-16: ${excerpt(made)}`);
  };
  const declared = family(type) === 'varchar' || family(type) === 'char' ? declaredLength(type.typmod) : null;
  return coding(`nvarchar(${limit}) COLLATE ${COLLATION}`, 'text', encode, {
    length: limit,
    expect: form,
    problems: declared !== null && declared * 2 <= limit ? [] : ['TEXT_TOO_LONG'],
    nearest: PLAIN_TEXT.has(family(type)) ? nearestUnits(limit) : () => null,
  });
}

/** A fixed length is filled up with spaces, so a value must have that very length. */
function nchar(chosen: Chosen): Coding | string {
  const length = size(chosen.args, 1, MAX_UNITS);
  if (length === null) return `it is nchar(n) with n from 1 to ${MAX_UNITS}`;
  const made = nvarchar(chosen);
  if (typeof made === 'string') return made;
  const encode = (value: string): string => {
    const text = made.encode(value);
    if (text.length === length) return text;
    throw new ValueProblem(
      'TEXT_FORM',
      `is not ${length} characters long, and an nchar fills up with spaces: ${excerpt(text)}`,
    );
  };
  return {
    ...made,
    ddl: `nchar(${length}) COLLATE ${COLLATION}`,
    encode,
    problems: ['TEXT_TOO_LONG', 'TEXT_FORM'],
  };
}

export const TEXT_TYPES: Readonly<Record<string, Make>> = { nvarchar, nchar };
