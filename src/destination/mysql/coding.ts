import type { ColumnCodec } from '../contract.ts';
import { type ProblemClass, ValueProblem } from '../problem.ts';
import { finiteFloat, isFiniteFloat } from '../values/float.ts';
import { integerText } from '../values/integer.ts';
import { nearestFloat, nearestNumeric } from '../values/nearest.ts';
import { canonicalNumeric, finiteNumeric, fitNumeric } from '../values/numeric.ts';
import { hexDigits, isTrue } from '../values/scalar.ts';
import { limitCharacters } from '../values/text.ts';
import { same } from '../values/text-form.ts';
import type { NumericShape } from '../values/typmod.ts';
import { COLLATION, type Flavour } from './server.ts';
import { asItIs, digits, finite, fitting, hex, truth, upTo } from './transcribe.ts';

export interface Coding extends ColumnCodec {
  /** How a literal is compared with the column, where that is not as it is. */
  readonly equal?: (literal: string) => string;
  /** Quoted name of the column by which the key holds it: a hash of it. */
  readonly hashed?: string;
}

/** Where a column stands: what its type may depend on besides the PostgreSQL type. */
export interface Standing {
  readonly flavour: Flavour;
  /** Bytes that the column may take up in the primary key; null outside of it. */
  readonly keyBytes: number | null;
}

export type Convert = (text: string) => string;

export const coding = (
  ddl: string,
  storage: ColumnCodec['storage'],
  encode: Convert,
  more: Partial<Coding> = {},
): Coding => ({
  ddl,
  storage,
  plain: storage !== 'text',
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

export const integer = (ddl: string): Coding => coding(ddl, 'integer', integerText, { transcribe: digits });

export const boolean: Coding = coding('TINYINT(1)', 'boolean', (text) => (isTrue(text) ? '1' : '0'), {
  transcribe: truth,
});

/** Equal numbers, equal text; −0 loses its sign on some servers. */
const shortest: Convert = (text) => (isFiniteFloat(text) ? String(Number(text) + 0) : text);

export const double = (type: 'float4' | 'float8'): Coding =>
  coding(
    'DOUBLE',
    'real',
    (text) => {
      finiteFloat(text);
      return text;
    },
    {
      expect: shortest,
      canon: shortest,
      transcribe: finite,
      problems: ['FLOAT_NAN', 'FLOAT_INFINITY'],
      nearest: nearestFloat(type),
    },
  );

/** The server rounds excess digits and says so in a note only: what does not fit is refused here. */
export function decimal(shape: NumericShape, problems: readonly ProblemClass[], convert: Convert = same): Coding {
  const encode: Convert = (text) => fitNumeric(convert(text), shape);
  return coding(`DECIMAL(${shape.precision},${shape.scale})`, 'real', encode, {
    expect: (text) => {
      const value = convert(text);
      finiteNumeric(value);
      return canonicalNumeric(value);
    },
    canon: canonicalNumeric,
    transcribe: convert === same ? fitting(shape) : undefined,
    problems,
    nearest: nearestNumeric(shape),
  });
}

const withoutZeros: Convert = (text) => (text.includes('.') && text.endsWith('0') ? text.replace(/\.?0+$/, '') : text);

/** Dates and times: the server fills the fraction of a second with zeros. */
export const moment = (ddl: string, encode: Convert, more: Partial<ColumnCodec> = {}): Coding =>
  coding(ddl, 'text', encode, {
    plain: true,
    expect: (text) => withoutZeros(encode(text)),
    canon: withoutZeros,
    ...more,
  });

/** MariaDB's UUID type refuses what is no RFC 4122 variant, such as most results of md5(…)::uuid. */
export const uuid: Coding = coding('CHAR(36) CHARACTER SET ascii COLLATE ascii_bin', 'text', same, {
  plain: true,
  transcribe: asItIs,
});

/** VARBINARY in a key: BINARY pads with zero bytes, which makes different keys one. */
export function binary({ keyBytes }: Standing): Coding {
  const more = { read: (column: string) => `LOWER(HEX(${column}))` };
  if (keyBytes === null) return coding('LONGBLOB', 'bytes', hexDigits, { ...more, transcribe: hex });
  const encode: Convert = (text) => {
    const value = hexDigits(text);
    if (value.length <= keyBytes * 2) return value;
    throw new ValueProblem('TEXT_KEY_TOO_LONG', `has ${value.length / 2} bytes, the key holds ${keyBytes}`);
  };
  return coding(`VARBINARY(${keyBytes})`, 'bytes', encode, { ...more, note: keyNote(`${keyBytes} bytes`) });
}

const keyNote = (limit: string): string => `in the key: at most ${limit}`;

/** ASCII text of a known greatest length: one byte per character on disk and in keys. */
export function ascii(
  length: number,
  plain: boolean,
  note: string | null,
  { keyBytes }: Standing,
  type: 'CHAR' | 'VARCHAR' = 'VARCHAR',
): Coding {
  const limit = Math.min(length, keyBytes ?? length);
  const problem = limit < length ? 'TEXT_KEY_TOO_LONG' : 'TEXT_TOO_LONG';
  return coding(
    `${type}(${limit}) CHARACTER SET ascii COLLATE ascii_bin`,
    'text',
    (text) => limitCharacters(text, limit, problem),
    { plain, note, transcribe: upTo(limit) },
  );
}

/** A character of utf8mb4 counts four bytes in a key, whatever it takes. */
const keyCharacters = (keyBytes: number): number => Math.floor(keyBytes / 4);

/**
 * Text with a declared length. The server takes spaces beyond the length away without an error, so the length is
 * checked here.
 */
export function text(
  type: 'CHAR' | 'VARCHAR',
  length: number,
  { flavour, keyBytes }: Standing,
  convert: Convert = same,
): Coding {
  const limit = keyBytes === null ? length : Math.min(length, keyCharacters(keyBytes));
  const cut = limit < length;
  const problem = cut ? 'TEXT_KEY_TOO_LONG' : 'TEXT_TOO_LONG';
  return coding(
    `${type}(${limit}) COLLATE ${COLLATION[flavour]}`,
    'text',
    (value) => limitCharacters(convert(value), limit, problem),
    {
      note: cut ? keyNote(`${limit} characters`) : null,
      expect: convert,
      transcribe: convert === same ? upTo(limit) : undefined,
    },
  );
}

export function longText(at: Standing, convert: Convert = same): Coding {
  const { flavour, keyBytes } = at;
  if (keyBytes === null)
    return coding(`LONGTEXT COLLATE ${COLLATION[flavour]}`, 'text', convert, {
      transcribe: convert === same ? asItIs : undefined,
    });
  return text('VARCHAR', Number.MAX_SAFE_INTEGER, at, convert);
}

export function longAscii(at: Standing): Coding {
  if (at.keyBytes !== null) return ascii(Number.MAX_SAFE_INTEGER, true, keyNote(`${at.keyBytes} characters`), at);
  return coding('LONGTEXT CHARACTER SET ascii COLLATE ascii_bin', 'text', same, { plain: true, transcribe: asItIs });
}
