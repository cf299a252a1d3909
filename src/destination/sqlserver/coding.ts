import type { ColumnCodec } from '../contract.ts';
import { type ProblemClass, ValueProblem } from '../problem.ts';
import { excerpt } from '../values/excerpt.ts';
import { finiteFloat, isFiniteFloat } from '../values/float.ts';
import { integerText } from '../values/integer.ts';
import { nearestFloat, nearestNumeric } from '../values/nearest.ts';
import { canonicalNumeric, finiteNumeric, fitNumeric } from '../values/numeric.ts';
import { hexDigits, isTrue } from '../values/scalar.ts';
import { limitCharacters } from '../values/text.ts';
import type { NumericShape } from '../values/typmod.ts';

/** How a value travels to the server before it becomes the column's type there. */
export type Travel = 'int' | 'bigint' | 'bit' | 'float' | 'guid' | 'bytes' | 'text';

export interface Coding extends ColumnCodec {
  readonly travel: Travel;
  /** Greatest length of a travelling text (UTF-16 units) or of bytes; null for max. */
  readonly length: number | null;
  /** SQL expression of the column's type, of what travelled. */
  cast(value: string): string;
  /** Quoted name of the computed column by which the key holds it: a hash of it. */
  readonly hashed?: string;
}

/** Where a column stands: what its type may depend on besides the PostgreSQL type. */
export interface Standing {
  /** Bytes that the column may take up in the primary key; null outside of it. */
  readonly keyBytes: number | null;
}

export type Convert = (text: string) => string;

export const same: Convert = (text) => text;

/** Compares text by its code points. Spaces at the end do not count even so. */
export const COLLATION = 'Latin1_General_100_BIN2';

/** The longest nvarchar(n) and varbinary(n); what is longer is (max). */
export const MAX_UNITS = 4000;
export const MAX_BYTES = 8000;

export const coding = (ddl: string, travel: Travel, encode: Convert, more: Partial<Coding> = {}): Coding => ({
  ddl,
  travel,
  storage: 'text',
  length: null,
  plain: false,
  cast: same,
  encode,
  note: null,
  lossy: null,
  problems: [],
  nearest: () => null,
  read: same,
  expect: encode,
  canon: same,
  ...more,
});

export const integer = (ddl: 'tinyint' | 'smallint' | 'int' | 'bigint'): Coding =>
  coding(ddl, ddl === 'bigint' ? 'bigint' : 'int', integerText, { storage: 'integer', plain: true });

export const boolean: Coding = coding('bit', 'bit', (text) => (isTrue(text) ? '1' : '0'), {
  storage: 'boolean',
  plain: true,
});

/** Equal numbers, equal text; −0 loses its sign on some servers. A `real` is read back with the digits of a double. */
const shortest = (round: (value: number) => number): Convert => {
  return (text) => (isFiniteFloat(text) ? String(round(Number(text)) + 0) : text);
};

export function float(type: 'float4' | 'float8', ddl: 'real' | 'float'): Coding {
  const canonical = shortest(ddl === 'real' ? Math.fround : Number);
  const encode: Convert = (text) => {
    finiteFloat(text);
    return text;
  };
  return coding(ddl, 'float', encode, {
    storage: 'real',
    plain: true,
    cast: ddl === 'real' ? (value) => `CAST(${value} AS real)` : same,
    expect: canonical,
    canon: canonical,
    problems: ['FLOAT_NAN', 'FLOAT_INFINITY'],
    nearest: nearestFloat(type),
  });
}

/** A text that the server converts: it must not be longer than the longest value, and never be rounded there. */
const converted = (ddl: string, length: number, encode: Convert, more: Partial<Coding> = {}): Coding =>
  coding(ddl, 'text', encode, { length, plain: true, cast: (value) => `CAST(${value} AS ${ddl})`, ...more });

/** CAST rounds excess digits without a word: what does not fit is refused here. */
export function decimal(shape: NumericShape, problems: readonly ProblemClass[], convert: Convert = same): Coding {
  const encode: Convert = (text) => fitNumeric(convert(text), shape);
  return converted(
    `decimal(${shape.precision},${shape.scale})`,
    shape.precision + 4,
    (text) => cutZeros(encode(text)),
    {
      storage: 'real',
      read: (column) => `CAST(${column} AS nvarchar(60))`,
      expect: (text) => {
        const value = convert(text);
        finiteNumeric(value);
        return canonicalNumeric(value);
      },
      canon: canonicalNumeric,
      problems,
      nearest: nearestNumeric(shape),
    },
  );
}

/** Zeros in front count as digits to nobody but the length of the text. */
const cutZeros: Convert = (text) => (/^-?0\d/.test(text) ? text.replace(/^(-?)0+(?=\d)/, '$1') : text);

const withoutZeros: Convert = (text) => (text.includes('.') ? text.replace(/\.?0+(?= |$)/, '') : text);

/** Dates and times: the server fills the fraction of a second with zeros. */
export const moment = (ddl: string, encode: Convert, more: Partial<Coding> = {}): Coding =>
  converted(ddl, 40, encode, {
    read: (column) => `CONVERT(nvarchar(40), ${column}, 121)`,
    expect: (text) => withoutZeros(encode(text)),
    canon: withoutZeros,
    ...more,
  });

/** Read in capitals. */
export const uuid: Coding = coding('uniqueidentifier', 'guid', same, {
  plain: true,
  read: (column) => `CAST(${column} AS nchar(36))`,
  expect: (text) => text.toLowerCase(),
  canon: (text) => text.toLowerCase(),
});

/** Bytes come back as such, and as hexadecimal digits from there. */
export const bytes = (ddl: string, length: number | null, encode: Convert, more: Partial<Coding> = {}): Coding =>
  coding(ddl, 'bytes', encode, { storage: 'bytes', plain: true, length, canon: (text) => text.toLowerCase(), ...more });

/** SQL Server takes 0x61 and 0x6100 for one key. */
export function binary({ keyBytes }: Standing): Coding {
  if (keyBytes === null) return bytes('varbinary(max)', null, hexDigits);
  const encode: Convert = (text) => {
    const value = hexDigits(text);
    if (value === '' || value.endsWith('00'))
      throw new ValueProblem(
        'ZERO_KEY',
        `ends with a zero byte or is empty, which SQL Server ignores in a key: ${excerpt(text)}`,
      );
    if (value.length <= keyBytes * 2) return value;
    throw new ValueProblem('TEXT_KEY_TOO_LONG', `has ${value.length / 2} bytes, the key holds ${keyBytes}`);
  };
  return bytes(`varbinary(${keyBytes})`, keyBytes, encode, { expect: hexDigits, note: keyNote(`${keyBytes} bytes`) });
}

const keyNote = (limit: string): string => `in the key: at most ${limit}`;

/** SQL Server takes 'a' and 'a ' for one key, whatever the collation. */
const keyText =
  (encode: Convert): Convert =>
  (text) => {
    const value = encode(text);
    if (!value.endsWith(' ')) return value;
    throw new ValueProblem('SPACE_KEY', `ends with a space, which SQL Server ignores in a key: ${excerpt(value)}`);
  };

/** Two bytes a unit. */
const keyUnits = (keyBytes: number): number => Math.floor(keyBytes / 2);

/** `plain` text never ends with a space. */
function limited(
  type: 'nvarchar' | 'nchar',
  units: number,
  encode: Convert,
  at: Standing,
  more: Partial<Coding>,
): Coding {
  const ddl = `${type}(${units}) COLLATE ${COLLATION}`;
  const kept = at.keyBytes === null || more.plain ? encode : keyText(encode);
  return coding(ddl, 'text', kept, { length: units, ...more });
}

/** ASCII text of a known greatest length. */
export function ascii(
  length: number,
  plain: boolean,
  note: string | null,
  at: Standing,
  type: 'nvarchar' | 'nchar' = 'nvarchar',
): Coding {
  const limit = Math.min(length, at.keyBytes === null ? MAX_UNITS : keyUnits(at.keyBytes));
  const problem = limit < length ? 'TEXT_KEY_TOO_LONG' : 'TEXT_TOO_LONG';
  const encode: Convert = (text) => limitCharacters(text, limit, problem);
  return limited(type, limit, encode, at, { plain, note, expect: same });
}

/**
 * Text of at most so many characters, of which one may take two units. CAST would cut what is too long without a word,
 * and the server spaces at the end: the length is checked here.
 */
export function text(characters: number, at: Standing, convert: Convert = same): Coding {
  const wanted = characters * 2;
  const room = at.keyBytes === null ? MAX_UNITS : keyUnits(at.keyBytes);
  if (at.keyBytes === null && wanted > room) return longText(at, convert, characters);
  const units = Math.min(wanted, room);
  const cut = units < wanted;
  const encode: Convert = (value) => {
    const limitedText = limitCharacters(convert(value), characters, 'TEXT_TOO_LONG');
    return cut ? limitUnits(limitedText, units) : limitedText;
  };
  return limited('nvarchar', units, encode, at, { note: cut ? keyNote(`${units} characters`) : null, expect: convert });
}

function limitUnits(value: string, units: number): string {
  if (value.length <= units) return value;
  throw new ValueProblem('TEXT_KEY_TOO_LONG', `is longer than ${units} characters: ${excerpt(value)}`);
}

/** Of any length, or of so many characters at most. */
export function longText(at: Standing, convert: Convert = same, characters: number | null = null): Coding {
  if (at.keyBytes !== null) {
    const units = keyUnits(at.keyBytes);
    const encode: Convert = (value) => limitUnits(convert(value), units);
    return limited('nvarchar', units, encode, at, { note: keyNote(`${units} characters`), expect: convert });
  }
  const encode: Convert =
    characters === null ? convert : (value) => limitCharacters(convert(value), characters, 'TEXT_TOO_LONG');
  return coding(`nvarchar(max) COLLATE ${COLLATION}`, 'text', encode, { expect: convert });
}

/** ASCII text of any length. */
export function longAscii(at: Standing): Coding {
  return { ...longText(at), plain: true };
}
