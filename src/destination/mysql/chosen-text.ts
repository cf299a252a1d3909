import { ValueProblem } from '../problem.ts';
import { excerpt } from '../values/excerpt.ts';
import { type Family, family } from '../values/family.ts';
import { limitBytes, nearestBytes } from '../values/limits.ts';
import { type Nearest, nearestText } from '../values/nearest.ts';
import { limitCharacters } from '../values/text.ts';
import { same, textForm } from '../values/text-form.ts';
import { declaredLength } from '../values/typmod.ts';
import { bare, type Chosen, type Make, size } from './chosen.ts';
import { type Coding, coding, longText } from './coding.ts';
import { nativeEnum, nativeJson } from './native.ts';
import { COLLATION } from './server.ts';

/** Types whose text may be cut and is still text of the type. */
const PLAIN_TEXT: ReadonlySet<Family> = new Set(['text', 'varchar', 'char', 'name', 'quotedChar']);

const collated = (ddl: string, { at }: Chosen): string => `${ddl} COLLATE ${COLLATION[at.flavour]}`;

function varchar(chosen: Chosen): Coding | string {
  const { args, type, rules } = chosen;
  const limit = size(args, 1, 16_383);
  if (limit === null) return 'it is VARCHAR(n) with n from 1 to 16383';
  const form = textForm(type, rules.types);
  const fits =
    (family(type) === 'varchar' || family(type) === 'char') && (declaredLength(type.typmod) ?? limit + 1) <= limit;
  return coding(
    collated(`VARCHAR(${limit})`, chosen),
    'text',
    (value) => limitCharacters(form(value), limit, 'TEXT_TOO_LONG'),
    {
      expect: form,
      problems: fits ? [] : ['TEXT_TOO_LONG'],
      nearest: PLAIN_TEXT.has(family(type)) ? nearestText(limit) : () => null,
    },
  );
}

/** A CHAR loses spaces at its end, so a value must not have any. */
function char(chosen: Chosen): Coding | string {
  const limit = size(chosen.args, 1, 255);
  if (limit === null) return 'it is CHAR(n) with n from 1 to 255';
  const wide = varchar(chosen);
  if (typeof wide === 'string') return wide;
  const encode = (value: string): string => {
    const text = wide.encode(value);
    if (!text.endsWith(' ')) return text;
    throw new ValueProblem('TEXT_FORM', `ends with a space, which a CHAR does not keep: ${excerpt(text)}`);
  };
  const nearest: Nearest = (value, problem) => wide.nearest(value, problem)?.replace(/ +$/, '') ?? null;
  return {
    ...wide,
    ddl: collated(`CHAR(${limit})`, chosen),
    encode,
    nearest,
    problems: [...wide.problems, 'TEXT_FORM'],
  };
}

const asText =
  (name: string, limit: number): Make =>
  (chosen) => {
    const { type, at, rules } = chosen;
    if (at.keyBytes !== null) return 'it cannot be part of a key; use VARCHAR(n), or keysText: hash without a type';
    const form = textForm(type, rules.types);
    if (name === 'LONGTEXT') return longText(at, form);
    return coding(collated(name, chosen), 'text', (value) => limitBytes(form(value), limit), {
      expect: form,
      problems: ['TEXT_TOO_LONG'],
      nearest: PLAIN_TEXT.has(family(type)) ? nearestBytes(limit) : () => null,
    });
  };

function json({ type, at, rules }: Chosen): Coding | string | null {
  if (at.keyBytes !== null) return 'it cannot be part of a key';
  const kind = family(type);
  if (kind === 'json' || kind === 'jsonb') return nativeJson(at, same, kind === 'json');
  const { arrays, composite } = rules.types;
  const isJson =
    kind === 'hstore' ||
    kind === 'vector' ||
    (kind === 'array' && arrays === 'json') ||
    (kind === 'composite' && composite === 'json' && type.attributes !== undefined);
  return isJson ? nativeJson(at, textForm(type, rules.types), false) : null;
}

const LABELS = /^\s*'((?:[^'\\]|''|\\.)*)'\s*(?:,|$)/s;

function labelsOf(args: string): readonly string[] | null {
  const labels: string[] = [];
  for (let rest = args; rest !== ''; ) {
    const match = LABELS.exec(rest);
    if (!match) return null;
    labels.push((match[1] ?? '').replaceAll("''", "'").replace(/\\(.)/gs, '$1'));
    rest = rest.slice(match[0].length);
  }
  return labels.length > 0 ? labels : null;
}

function enumeration({ args, type, at }: Chosen): Coding | string | null {
  const labels = labelsOf(args ?? '');
  if (labels === null) return "it is ENUM('a','b',…)";
  if (family(type) !== 'enum' && !PLAIN_TEXT.has(family(type))) return null;
  const made = nativeEnum(labels, at);
  return made.note ?? made;
}

export const TEXT_TYPES: Readonly<Record<string, Make>> = {
  CHAR: char,
  VARCHAR: varchar,
  TINYTEXT: bare(asText('TINYTEXT', 255)),
  TEXT: bare(asText('TEXT', 65_535)),
  MEDIUMTEXT: bare(asText('MEDIUMTEXT', 16_777_215)),
  LONGTEXT: bare(asText('LONGTEXT', 4_294_967_295)),
  JSON: bare(json),
  ENUM: enumeration,
};
