import { Pg2anyError } from '../../model/error.ts';
import { ValueProblem } from '../problem.ts';
import { excerpt } from '../values/excerpt.ts';
import { ewkbToInternal } from '../values/geometry.ts';
import { canonicalJson, checkJson } from '../values/json.ts';
import { uuidHex } from '../values/uuid.ts';
import { type Coding, type Convert, coding, longAscii, type Standing, text } from './coding.ts';
import { COLLATION } from './server.ts';

/** `json_valid` of MariaDB takes 31 levels, MySQL 100. */
const DEPTH = { MariaDB: 31, MySQL: 100 } as const;

/** MariaDB's JSON is checked text; MySQL's keeps values, not how they were written. */
export function nativeJson({ flavour }: Standing, convert: Convert, verbatim: boolean): Coding {
  const limits = { depth: DEPTH[flavour], numbers: flavour === 'MySQL' };
  const encode: Convert = (pgText) => {
    const json = convert(pgText);
    checkJson(json, limits);
    return json;
  };
  if (flavour === 'MariaDB') return coding('JSON', 'text', encode, { problems: ['JSON_DEPTH', 'TEXT_FORM'] });
  const order = verbatim ? 'white space, the order of keys and all but the last of equal keys, and ' : '';
  return coding('JSON', 'text', encode, {
    problems: ['JSON_DEPTH', 'JSON_NUMBER_PRECISION', 'TEXT_FORM'],
    lossy: `${order}how numbers are written is not kept (1.50 becomes 1.5)`,
    read: (column) => `CAST(${column} AS CHAR CHARACTER SET utf8mb4)`,
    expect: (pgText) => canonicalJson(convert(pgText)),
    canon: canonicalJson,
    equal: (literal) => `CAST(${literal} AS JSON)`,
  });
}

const BEYOND_BASIC_PLANE = /[\u{10000}-\u{10ffff}]/u;

/** Why these labels cannot be those of an ENUM; null where they can. */
function enumObstacle(labels: readonly string[]): string | null {
  if (labels.length === 0) return 'the labels are not known';
  if (labels.length > 10_000) return 'there are too many labels';
  if (labels.some((label) => label.endsWith(' '))) return 'labels lose spaces at their end there';
  // the server shows these as question marks, in which labels could no longer be told apart
  return labels.some((label) => BEYOND_BASIC_PLANE.test(label)) ? 'labels may not have such characters there' : null;
}

const quoted = (label: string): string => `'${label.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

export function nativeEnum(labels: readonly string[], at: Standing): Coding {
  const obstacle = enumObstacle(labels);
  if (obstacle !== null) return { ...text('VARCHAR', 63, at), note: `no ENUM: ${obstacle}` };
  const known = new Set(labels);
  const encode: Convert = (label) => {
    if (known.has(label)) return label;
    // the server would take digits for the number of a label
    throw new ValueProblem('UNKNOWN_LABEL', `is ${excerpt(label)}, which the ENUM of the destination does not have`);
  };
  const ddl = `ENUM(${labels.map(quoted).join(',')}) COLLATE ${COLLATION[at.flavour]}`;
  return coding(ddl, 'text', encode, { problems: ['UNKNOWN_LABEL'] });
}

export const uuidBinary: Coding = coding('BINARY(16)', 'bytes', uuidHex, {
  read: (column) => `LOWER(HEX(${column}))`,
});

/** MariaDB keeps UUIDs in an order of their parts that leaves no room for some values outside RFC 4122. */
const NO_RFC_4122 = /^.{14}[89a-f].{4}(?:[1-8]|0[1-9a-f])/;

export function nativeUuid({ flavour }: Standing): Coding {
  if (flavour === 'MySQL')
    throw new Pg2anyError('CONFIG_INVALID', 'MySQL has no type for uuid', { hint: 'Use uuid: char36 or binary16.' });
  const encode: Convert = (value) => {
    uuidHex(value);
    if (!NO_RFC_4122.test(value)) return value;
    throw new ValueProblem('TEXT_FORM', `is no RFC 4122 variant, which the UUID type refuses: ${value}`);
  };
  return coding('UUID', 'text', encode, {
    plain: true,
    problems: ['TEXT_FORM'],
    read: (column) => `CAST(${column} AS CHAR)`,
  });
}

/** Not in keys, which cannot be over geometries. */
export function nativeGeometry(at: Standing): Coding {
  if (at.keyBytes !== null) return longAscii(at);
  return coding('GEOMETRY', 'bytes', ewkbToInternal, {
    problems: ['GEOMETRY_FORM'],
    read: (column) => `LOWER(HEX(${column}))`,
  });
}
